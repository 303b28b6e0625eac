// Package paper is an official document as data, in the layout of Annex I of Decree 30/2020/NĐ-CP, and its writer as an editable DOCX
// file. Pages draw the same data as HTML, so the layout of a document is written once.
package paper
