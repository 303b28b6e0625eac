-- +goose Up
-- What somebody agreed to about advertising otherwise than the law's limits: from and to in minutes after midnight, and how much in 24 hours; 0 is the law's.
DROP VIEW consent;
ALTER TABLE consent_fact ADD COLUMN ads_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE consent_fact ADD COLUMN ads_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE consent_fact ADD COLUMN ads_most BIGINT NOT NULL DEFAULT 0;
CREATE VIEW consent AS SELECT * FROM consent_fact f
 WHERE NOT f.void AND f.batch NOT IN (SELECT id FROM hidden_batch)
 AND NOT EXISTS (SELECT 1 FROM consent_fact c WHERE c.corrects = f.id AND c.corrects <> '' AND c.batch NOT IN (SELECT id FROM hidden_batch));
