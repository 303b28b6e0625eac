package picture

import (
	"bytes"
	"encoding/binary"
)

// orientation reads how the camera was held, 1 to 8; 1 when the picture does not say, or says nonsense. It is the only thing
// read from what stands beside the pixels, and everything there is dropped afterwards.
func orientation(raw []byte) int {
	tiff := exifOf(raw)
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:2]) {
	case "II":
	case "MM":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := int(order.Uint16(tiff[at:]))
	for i := range entries {
		e := at + 2 + int64(i)*12
		if e+12 > int64(len(tiff)) {
			return 1
		}
		const tagOrientation, typeShort = 0x0112, 3
		if order.Uint16(tiff[e:]) == tagOrientation && order.Uint16(tiff[e+2:]) == typeShort {
			if o := int(order.Uint16(tiff[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
	}
	return 1
}

// exifOf finds the TIFF block of a JPEG's APP1 segment or a WebP's EXIF chunk.
func exifOf(raw []byte) []byte {
	if bytes.HasPrefix(raw, []byte("\xff\xd8")) {
		return exifInJPEG(raw[2:])
	}
	if len(raw) >= 12 && string(raw[8:12]) == "WEBP" {
		return exifInWebP(raw[12:])
	}
	return nil
}

func exifInJPEG(b []byte) []byte {
	for len(b) >= 4 && b[0] == 0xff {
		marker, n := b[1], int(binary.BigEndian.Uint16(b[2:]))
		if marker == 0xda || n < 2 || 2+n > len(b) { // the pixels begin, or the length lies
			return nil
		}
		body := b[4 : 2+n]
		if marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return body[6:]
		}
		b = b[2+n:]
	}
	return nil
}

func exifInWebP(b []byte) []byte {
	for len(b) >= 8 {
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if 8+n > int64(len(b)) {
			return nil
		}
		if string(b[:4]) == "EXIF" {
			return bytes.TrimPrefix(b[8:8+n], []byte("Exif\x00\x00"))
		}
		b = b[min(8+n+n%2, int64(len(b))):]
	}
	return nil
}
