package configs

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/robfig/cron/v3"
)

// formats are the checks that the schema names with "format". Each is given
// any value and judges those of its own type; the type is the schema's matter.
var formats = map[string]func(any) error{
	"dossier-path":     ofText(checkPath),
	"dossier-header":   ofText(checkHeader),
	"dossier-timeout":  ofText(checkTimeout),
	"dossier-delay":    ofText(checkDelay),
	"dossier-size":     checkSize,
	"dossier-timezone": ofText(checkTimezone),
	"dossier-cron":     ofText(checkCron),
	"dossier-id":       ofText(CheckID),
	"dossier-url":      ofText(checkURL),
	"dossier-regexp":   ofText(checkRegexp),
	"dossier-selector": ofText(checkSelector),
	"dossier-layout":   ofText(checkLayout),
}

func ofText(check func(string) error) func(any) error {
	return func(v any) error {
		if s, ok := v.(string); ok {
			return check(s)
		}
		return nil
	}
}

func checkPath(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("is empty")
	}
	if scheme, _, ok := strings.Cut(s, "://"); ok {
		return fmt.Errorf("%s:// is not supported, only files are", scheme)
	}
	if strings.Contains(s, "\x00") {
		return errors.New("has the character NUL, which no path can hold")
	}
	return nil
}

func checkHeader(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("is empty")
	}
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) >= 0 {
		return errors.New("has a character that a header cannot carry")
	}
	return nil
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration: a number and ms, s, m or h", s)
	}
	return d, nil
}

func checkTimeout(s string) error {
	d, err := parseDuration(s)
	if err == nil && (d < 100*time.Millisecond || d > time.Hour) {
		return fmt.Errorf("%s is not between 100ms and 1h", s)
	}
	return err
}

func checkDelay(s string) error {
	d, err := parseDuration(s)
	if err == nil && (d < 0 || d > time.Hour) {
		return fmt.Errorf("%s is not between 0s and 1h", s)
	}
	return err
}

func checkSize(v any) error {
	size, err := parseSize(v)
	if err == nil && (size < 1<<10 || size > 1<<30) {
		return fmt.Errorf("%v is not between 1KiB and 1GiB", v)
	}
	return err
}

var sizeForm = regexp.MustCompile(`^(\d+(?:\.\d+)?)\s*([KMG]i?B|B)?$`)

// parseSize reads a number of bytes: 1048576, "1MiB", "1.5 GiB", "500KB".
func parseSize(v any) (int64, error) {
	s, ok := v.(string)
	if !ok {
		n, _ := v.(int64)
		return n, nil
	}
	m := sizeForm.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is not a size: a number and B, KiB, MiB or GiB", s)
	}
	units := map[string]float64{
		"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "KB": 1e3, "MB": 1e6, "GB": 1e9,
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil || n*units[m[2]] > math.MaxInt64/2 {
		return 0, fmt.Errorf("%q is too large", s)
	}
	return int64(n * units[m[2]]), nil
}

func checkTimezone(s string) error {
	if s == "" || s == "Local" {
		return errors.New("is not a zone: a name of the IANA time zone database")
	}
	if _, err := time.LoadLocation(s); err != nil {
		return fmt.Errorf("%q is not a zone of the IANA time zone database", s)
	}
	return nil
}

// checkCron accepts what robfig/cron reads and what fires within five years of
// a leap year's start.
func checkCron(s string) error {
	if s == "" {
		return nil
	}
	if zone, rest, ok := strings.Cut(s, " "); strings.Contains(zone, "TZ=") && (!ok || strings.TrimSpace(rest) == "") {
		return fmt.Errorf("%q names a zone and no time", s) // the parser would panic
	}
	schedule, err := cron.ParseStandard(s)
	if err != nil {
		return fmt.Errorf("%q is not a cron spec: %w", s, err)
	}
	if schedule.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return fmt.Errorf("%q never fires", s)
	}
	return nil
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// CheckID says what is wrong with the id of a site, nil when nothing is.
func CheckID(s string) error {
	if !idForm.MatchString(s) {
		return fmt.Errorf("%q is not an id: at most 64 letters, digits, dots, hyphens and underscores, a letter or digit first", s)
	}
	return nil
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return fmt.Errorf("%q is not an address: %w", s, errors.Unwrap(err))
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%q does not begin with http:// or https://", s)
	case u.Hostname() == "":
		return fmt.Errorf("%q has no host", s)
	case u.User != nil:
		return fmt.Errorf("the address on %s holds a name or a password, and these are never sent", u.Host)
	}
	return nil
}

func checkRegexp(s string) error {
	if s == "" {
		return errors.New("is empty and would match everything")
	}
	if _, err := regexp.Compile(s); err != nil {
		return fmt.Errorf("is not a regular expression of Go: %w", err)
	}
	return nil
}

func checkSelector(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("is empty")
	}
	if _, err := cascadia.ParseGroup(s); err != nil {
		return fmt.Errorf("%q is not a CSS selector: %w", s, err)
	}
	return nil
}

// checkLayout accepts a layout that carries year, month and day: a date that
// is written and read with it comes out as it was.
func checkLayout(s string) error {
	day := time.Date(2018, 11, 27, 0, 0, 0, 0, time.UTC)
	back, err := time.Parse(s, day.Format(s))
	if err != nil || back.Year() != day.Year() || back.YearDay() != day.YearDay() {
		return fmt.Errorf("%q is not a layout of a date: it must write 2 January 2006 with year, month and day", s)
	}
	return nil
}
