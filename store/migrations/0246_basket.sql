-- +goose Up
-- What a family pays for the things it buys, by commune and day. Rows are only added: a new price is a new row, and off takes a thing out.
CREATE TABLE price_item (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, item TEXT NOT NULL, name_vi TEXT NOT NULL, unit_vi TEXT NOT NULL, one_en TEXT NOT NULL, many_en TEXT NOT NULL,
  price BIGINT NOT NULL, picture TEXT NOT NULL, from_on TEXT NOT NULL, source TEXT NOT NULL, off BOOLEAN NOT NULL DEFAULT FALSE, synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL, change_no BIGINT NOT NULL
);
CREATE INDEX price_item_area ON price_item(office_id, area_id, item, from_on);
