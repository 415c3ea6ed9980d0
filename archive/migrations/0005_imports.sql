-- +goose Up
-- An import is a run as well: what it saw are observations.
ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'crawl'; -- or 'import'
