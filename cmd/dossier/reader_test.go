package main

import (
	"testing"
	"time"

	"github.com/dossier-archive/dossier/configs"
)

// A replay does not go on where one by another time zone stood: pages of sites that are not
// configured are read by it.
func TestDigestOfReaders(t *testing.T) {
	utc, east := &pageReader{config: &configs.Config{Timezone: time.UTC}}, &pageReader{config: &configs.Config{Timezone: time.FixedZone("UTC+8", 8*3600)}}
	if utc.digest() == east.digest() {
		t.Error("readers by two time zones have one digest")
	}
}
