-- +goose Up
-- A printed sheet is either the list people sign at the door or the list an officer walks by, keyed back with what came of each knock.
ALTER TABLE session_sheet ADD COLUMN kind TEXT NOT NULL DEFAULT 'attendance';
