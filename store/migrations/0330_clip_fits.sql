-- +goose Up
-- For which versions of its script somebody other than its speaker said that a recording is right, the oldest first, as JSON. A recording in
-- a language the script has no words in is judged by nothing else.
ALTER TABLE clip ADD COLUMN fits TEXT NOT NULL DEFAULT '[]';
UPDATE clip SET fits = '[{"Version":' || CAST(script_version AS TEXT) || ',"Officer":"' || approved_by || '"}]'
 WHERE state = 'approved' AND purpose LIKE 'script.%' AND EXISTS (SELECT 1 FROM script s WHERE 'script.' || s.id = clip.purpose AND s.version = clip.script_version AND s.state = 'approved' AND s.approved_at <= clip.approved_at);
