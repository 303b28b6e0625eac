-- +goose Up
-- What stood before boundaries were kept or dropped, so that the act can be taken back. An empty shape: there was none.
CREATE TABLE boundary_before (
  act_id TEXT NOT NULL, office_id TEXT NOT NULL, area_id TEXT NOT NULL, geojson TEXT NOT NULL, source TEXT NOT NULL, loaded_at BIGINT NOT NULL,
  left_at BIGINT NOT NULL, -- what loaded_at became; 0 when the boundary was dropped
  PRIMARY KEY (act_id, area_id)
);
CREATE INDEX boundary_before_area ON boundary_before(area_id);
