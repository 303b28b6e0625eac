package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// token is one step through an XML part.
type token uint8

const (
	tokenEnd   token = iota // the part ended
	tokenOpen               // <name …> or <name …/>
	tokenClose              // </name>
	tokenText               // letters between tags
)

// scanner walks the XML of a spreadsheet part several times faster than encoding/xml, because it
// keeps no tree, no namespaces and no copies. It refuses document types, so no entity can expand,
// and its memory is one buffer of fixed size.
type scanner struct {
	in       io.Reader
	buf      []byte
	pos, end int
	ended    bool
	depth    int

	name  []byte // local name of the tag, until the next call
	attrs []byte // what stands between the name and the end of the tag
	empty bool   // the tag closes itself; no tokenClose follows
	text  []byte // letters as they stand in the file
	cdata bool   // text needs no unescaping
}

// scanBuffer holds the longest cell Excel allows even if every letter is written as an entity.
const scanBuffer = 512 << 10

var errXML = errors.New("not well-formed XML")

func newScanner(in io.Reader) (*scanner, error) {
	s := &scanner{in: in, buf: make([]byte, scanBuffer)}
	if err := s.more(); err != nil {
		return nil, err
	}
	start := s.buf[:s.end]
	switch {
	case bytes.HasPrefix(start, []byte(utf8BOM)):
		s.pos = len(utf8BOM)
	case bytes.HasPrefix(start, []byte("\xFF\xFE")), bytes.HasPrefix(start, []byte("\xFE\xFF")):
		return nil, &Error{Code: BadEncoding}
	}
	return s, s.declaration()
}

// declaration accepts only parts written in UTF-8, which is what every known program writes.
func (s *scanner) declaration() error {
	start := s.buf[s.pos:s.end]
	if !bytes.HasPrefix(start, []byte("<?xml")) {
		return nil
	}
	stop := bytes.Index(start, []byte("?>"))
	if stop < 0 {
		return damaged(errXML)
	}
	said := bytes.ToLower(attr(start[len("<?xml"):stop], "encoding"))
	if len(said) > 0 && string(said) != "utf-8" && string(said) != "us-ascii" {
		return &Error{Code: BadEncoding, Err: fmt.Errorf("declared as %q", said)}
	}
	s.pos += stop + 2
	return nil
}

// more reads further, moving what is not yet used to the front of the buffer.
func (s *scanner) more() error {
	if s.pos > 0 {
		s.end = copy(s.buf, s.buf[s.pos:s.end])
		s.pos = 0
	}
	if s.end == len(s.buf) {
		return &Error{Code: CellTooLong}
	}
	for tries := 0; ; tries++ {
		n, err := s.in.Read(s.buf[s.end:])
		s.end += n
		switch {
		case err == io.EOF:
			s.ended = true
			return nil
		case err != nil:
			return unpackError(err)
		case n > 0:
			return nil
		case tries > 100:
			return io.ErrNoProgress
		}
	}
}

// next finds the next tag or text; comments and processing instructions are passed over.
func (s *scanner) next() (token, error) {
	for {
		if s.pos == s.end {
			if s.ended {
				if s.depth != 0 {
					return tokenEnd, damaged(io.ErrUnexpectedEOF)
				}
				return tokenEnd, nil
			}
			if err := s.more(); err != nil {
				return tokenEnd, err
			}
			continue
		}
		if s.buf[s.pos] != '<' {
			return tokenText, s.readText()
		}
		if s.end-s.pos < len("<![CDATA[") && !s.ended {
			if err := s.more(); err != nil {
				return tokenEnd, err
			}
			continue
		}
		rest := s.buf[s.pos:s.end]
		switch {
		case len(rest) < 3:
			return tokenEnd, damaged(errXML)
		case rest[1] == '/':
			return tokenClose, s.readClose()
		case rest[1] == '?':
			if _, err := s.skipTo("?>", false); err != nil {
				return tokenEnd, err
			}
		case bytes.HasPrefix(rest, []byte("<!--")):
			if _, err := s.skipTo("-->", false); err != nil {
				return tokenEnd, err
			}
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			return tokenText, s.readCDATA()
		case rest[1] == '!':
			return tokenEnd, damaged(errors.New("a document type"))
		default:
			return tokenOpen, s.readOpen()
		}
	}
}

// readText takes the letters up to the next tag.
func (s *scanner) readText() error {
	from := 0
	for {
		i := bytes.IndexByte(s.buf[s.pos+from:s.end], '<')
		if i < 0 && !s.ended {
			from = s.end - s.pos
			if err := s.more(); err != nil {
				return err
			}
			continue
		}
		stop := s.end
		if i >= 0 {
			stop = s.pos + from + i
		}
		s.text, s.cdata = s.buf[s.pos:stop], false
		s.pos = stop
		return nil
	}
}

func (s *scanner) readCDATA() error {
	text, err := s.skipTo("]]>", true)
	if err != nil {
		return err
	}
	s.text, s.cdata = text[len("<![CDATA["):len(text)-len("]]>")], true
	return nil
}

// skipTo passes over everything up to and including mark. What is kept must fit the buffer.
func (s *scanner) skipTo(mark string, keep bool) ([]byte, error) {
	for from := 0; ; {
		if i := bytes.Index(s.buf[s.pos+from:s.end], []byte(mark)); i >= 0 {
			start := s.pos
			s.pos += from + i + len(mark)
			return s.buf[start:s.pos], nil
		}
		if s.ended {
			return nil, damaged(io.ErrUnexpectedEOF)
		}
		from = max(from, s.end-s.pos-len(mark))
		if !keep {
			s.pos += from
			from = 0
		}
		if err := s.more(); err != nil {
			return nil, err
		}
	}
}

func (s *scanner) readClose() error {
	for {
		i := bytes.IndexByte(s.buf[s.pos:s.end], '>')
		if i >= 0 {
			s.name = localName(bytes.TrimRight(s.buf[s.pos+2:s.pos+i], " \t\r\n"))
			s.pos += i + 1
			s.depth--
			if s.depth < 0 {
				return damaged(errXML)
			}
			return nil
		}
		if err := s.moreOfTag(); err != nil {
			return err
		}
	}
}

func (s *scanner) readOpen() error {
	for {
		i, err := tagEnd(s.buf[s.pos+1 : s.end])
		if err != nil {
			return err
		}
		if i < 0 {
			if err := s.moreOfTag(); err != nil {
				return err
			}
			continue
		}
		tag := s.buf[s.pos+1 : s.pos+1+i]
		s.pos += i + 2
		if s.empty = len(tag) > 0 && tag[len(tag)-1] == '/'; s.empty {
			tag = tag[:len(tag)-1]
		} else {
			s.depth++
		}
		stop := 0
		for stop < len(tag) && tag[stop] > ' ' {
			stop++
		}
		if stop == 0 {
			return damaged(errXML)
		}
		s.name, s.attrs = localName(tag[:stop]), tag[stop:]
		return nil
	}
}

func (s *scanner) moreOfTag() error {
	if s.ended {
		return damaged(io.ErrUnexpectedEOF)
	}
	return s.more()
}

// tagEnd finds the '>' that is not inside a quoted value.
func tagEnd(b []byte) (int, error) {
	var quote byte
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return i, nil
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return 0, damaged(errXML)
		}
	}
	return -1, nil
}

// skip passes over the element that was just opened.
func (s *scanner) skip() error {
	if s.empty {
		return nil
	}
	for inside := s.depth; s.depth >= inside; {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t == tokenEnd {
			return damaged(io.ErrUnexpectedEOF)
		}
	}
	return nil
}

func damaged(err error) error { return &Error{Code: Damaged, Err: err} }
