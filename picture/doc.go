// Package picture makes an uploaded photo anew: decoded within bounds, turned upright, scaled down and written as a plain
// JPEG, so that nothing the camera wrote beside the picture (place, owner, time) is left.
//
// It is a leaf: it must never know about sessions, people or pages, only about bytes and pixels.
package picture
