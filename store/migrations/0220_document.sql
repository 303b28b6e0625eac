-- +goose Up
-- Official documents that took a number of the office's series. A document is known by its kind and what it is about, so that
-- printing it again gives the same number.
CREATE TABLE document (
	office_id TEXT NOT NULL,
	area_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	about TEXT NOT NULL,
	no BIGINT NOT NULL,
	on_day TEXT NOT NULL,
	recorded_at BIGINT NOT NULL,
	recorded_by TEXT NOT NULL,
	PRIMARY KEY (office_id, kind, about)
);
