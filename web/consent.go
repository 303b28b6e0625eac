package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"

	"loa"
	"loa/picture"
	"loa/voice"
)

// consentLine is one thing that was said about one purpose and channel, with its proof.
type consentLine struct {
	Channel, Purpose, State, Text, Ads, ProofURL, ProofText string
}

// consentLines are the newest words on every purpose and channel. What was said of a channel long before a newer refusal of all
// channels is left out: the refusal holds.
func consentLines(r *http.Request, person loa.PersonID, all []loa.Consent) []consentLine {
	var out []consentLine
	for _, purpose := range loa.Purposes {
		for _, channel := range loa.Channels {
			said := newest(all, purpose, channel)
			if said == nil {
				continue
			}
			holds := loa.ConsentFor(all, purpose, channel)
			if channel != "all" && said.Agreed && holds == "refused" {
				continue // the refusal of all channels stands above
			}
			line := consentLine{Channel: t(r, "channel."+channel), Purpose: t(r, "purpose."+purpose), State: string(holds), Text: said.HappenedOn.Vietnamese()}
			if holds == "agreed" {
				line.Ads = agreedAdsText(r, said.Ads)
			}
			if said.How != "" {
				line.Text = joinWords(t(r, "consent.how."+said.How), line.Text)
			}
			if said.Proof != "" {
				line.Text = joinWords(said.Proof, line.Text)
			}
			if said.Attachment != "" {
				line.ProofURL, line.ProofText = "/people/"+string(person)+"/proof?id="+string(said.Attachment), t(r, "consent.see_photo")
				if said.How == "voice" {
					line.ProofText = t(r, "consent.hear")
				}
			}
			out = append(out, line)
		}
	}
	return out
}

// newest is the last word on one purpose and channel itself; all is in the order of the store, newest first.
func newest(all []loa.Consent, purpose, channel string) *loa.Consent {
	for i := range all {
		if all[i].Purpose == purpose && all[i].Channel == channel {
			return &all[i]
		}
	}
	return nil
}

// noContact is the sentence on what somebody refused under the purpose of care, and whether calling is among it.
func noContact(r *http.Request, all []loa.Consent) (sentence string, call bool) {
	if loa.ConsentFor(all, "care", "all") == "refused" {
		return t(r, "consent.no_contact"), true
	}
	words := ""
	for _, c := range loa.Channels[1:] {
		if loa.ConsentFor(all, "care", c) == "refused" {
			words = joinWords(words, t(r, "channel."+c))
			call = call || c == "call"
		}
	}
	if words == "" {
		return "", false
	}
	return t(r, "consent.not_by", words), call
}

// proofBytes is the largest photo or recording a proof may be.
const proofBytes = 12 << 20

// consentCreate records an agreement or a refusal with its proof: a photo of the paper, who heard it, or a recorded voice.
func (s *Server) consentCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err // before what was typed is looked at: somebody else's person is not there
	}
	c := loa.Consent{Fact: s.factOf(f), Person: p.ID, Purpose: f.text("purpose"), Channel: f.text("channel"), Agreed: f.text("agreed") == "1", How: f.text("how"), Proof: f.text("proof")}
	c.Ads = f.agreedAds()
	proof, err := s.readProof(r, f, &c)
	if err != nil {
		return err
	}
	if proof != nil {
		proof.ID = loa.AttachmentID(loa.NewID())
		c.Attachment = proof.ID
	}
	if f.ok() {
		if err := f.take(c.Check()); err != nil {
			return err
		}
	}
	if f.ok() && proof != nil {
		proof.Office, proof.Area, proof.Noun, proof.NounID = p.Office, p.Area, "consent", string(c.ID)
		if err := f.take(s.DB.AddAttachment(r.Context(), scopeOf(r), s.by(r), *proof)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.saved(w, r, f, nil, "", "")
	}
	text := t(r, "consent.saved_agreed")
	if !c.Agreed {
		text = t(r, "consent.saved_refused")
	}
	return s.saved(w, r, f, s.DB.AddConsent(r.Context(), scopeOf(r), s.by(r), c), text, s.unsay(p.ID, "consent", c.ID))
}

// readProof takes the file of the form: a picture is made anew and a recording laid bare, so that neither says where it
// was taken. nil without a file.
func (s *Server) readProof(r *http.Request, f *form, c *loa.Consent) (*loa.Attachment, error) {
	file, _, err := r.FormFile("file")
	if err != nil {
		return nil, nil // no file, or a form without one
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, proofBytes+1))
	if err != nil {
		return nil, err
	}
	switch {
	case len(raw) == 0:
		return nil, nil
	case len(raw) > proofBytes:
		f.bad("file", "error.file_size", proofBytes>>20)
		return nil, nil
	}
	if mime := voice.Kind(raw); mime != "" {
		bare, ok := voice.Bare(raw)
		if !ok {
			f.bad("file", "error.proof_kind")
			return nil, nil
		}
		c.How = "voice"
		sum := sha256.Sum256(bare)
		return &loa.Attachment{Kind: "voice", MIME: mime, SHA256: hex.EncodeToString(sum[:]), Size: len(bare), Bytes: bare}, nil
	}
	p, err := picture.Remake(raw)
	if err != nil {
		f.bad("file", "error.proof_kind")
		return nil, nil
	}
	if c.How == "" || c.How == "voice" {
		c.How = "paper"
	}
	sum := sha256.Sum256(p.JPEG)
	return &loa.Attachment{Kind: "consent", MIME: "image/jpeg", SHA256: hex.EncodeToString(sum[:]), Size: len(p.JPEG), Width: p.Width, Height: p.Height, Bytes: p.JPEG}, nil
}

// consentProof shows the photo or plays the recording behind a consent of this person.
func (s *Server) consentProof(w http.ResponseWriter, r *http.Request) error {
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	id := loa.AttachmentID(r.FormValue("id"))
	if id == "" {
		http.Redirect(w, r, "/people/"+string(p.ID), http.StatusSeeOther)
		return nil
	}
	consents, err := s.DB.Consents(r.Context(), scopeOf(r), p.ID)
	if err != nil {
		return err
	}
	for _, c := range consents {
		if c.Attachment != id {
			continue
		}
		a, err := s.DB.Attachment(r.Context(), scopeOf(r), id)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", a.MIME)
		w.Header().Set("Cache-Control", "private, no-store")
		if !strings.HasPrefix(a.MIME, "image/") {
			w.Header().Set("Content-Disposition", "inline")
		}
		_, _ = w.Write(a.Bytes) // the visitor may have gone
		return nil
	}
	return loa.ErrNotFound
}
