-- +goose Up
-- A broadcast tells a short link of its own over each channel, so that it is seen which one was followed; and it may speak of a session.
ALTER TABLE link ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE link ADD COLUMN channel_id TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX link_broadcast ON link(noun_id, network, channel_id) WHERE kind = 'broadcast';
CREATE INDEX link_office_kind ON link(office_id, kind);
ALTER TABLE broadcast ADD COLUMN link_page TEXT NOT NULL DEFAULT '';  -- where its links lead; empty: home
ALTER TABLE broadcast ADD COLUMN session_id TEXT NOT NULL DEFAULT ''; -- empty: to each reader the next one of their village
