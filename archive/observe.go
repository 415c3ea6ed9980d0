package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/dossier-archive/dossier"
)

// An Observation is how one attempt at an address ended.
type Observation struct {
	Run     int64           `json:"run"`
	Site    string          `json:"site"`
	URL     string          `json:"url"`
	At      time.Time       `json:"at"`
	Outcome dossier.Outcome `json:"outcome"`
	HTTP    int             `json:"http"`            // status, 0 when there was no answer
	Doubt   string          `json:"doubt,omitempty"` // why it is not to be relied on
}

const observationColumns = `o.run, f.site, f.url, o.at, o.status, o.reason, o.detail, o.http, o.doubt, coalesce(r.id, '')
	FROM observations o JOIN frontier f ON f.id = o.address LEFT JOIN records r ON r.seq = o.record`

// RunObservations gives the attempts of a run in the order in which they ended.
func (a *Archive) RunObservations(ctx context.Context, run int64) iter.Seq2[Observation, error] {
	return a.observations(ctx, "WHERE o.run = $1 ORDER BY o.id", run)
}

// RecordObservations gives all attempts that had to do with a record.
func (a *Archive) RecordObservations(ctx context.Context, id string) iter.Seq2[Observation, error] {
	return a.observations(ctx, "WHERE o.record = (SELECT seq FROM records WHERE id = $1) ORDER BY o.id", id)
}

func (a *Archive) observations(ctx context.Context, where string, arg any) iter.Seq2[Observation, error] {
	return func(yield func(Observation, error) bool) {
		rows, err := a.reader.QueryContext(ctx, "SELECT "+observationColumns+" "+where, arg)
		if err != nil {
			yield(Observation{}, fmt.Errorf("observations: %w", classify(err)))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var o Observation
			var at string
			err := rows.Scan(&o.Run, &o.Site, &o.URL, &at, &o.Outcome.Status, &o.Outcome.Reason, &o.Outcome.Detail, &o.HTTP, &o.Doubt, &o.Outcome.Record)
			if err != nil {
				err = fmt.Errorf("observations: %w", classify(err))
			}
			o.At = parseStamp(at)
			if !yield(o, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Observation{}, fmt.Errorf("observations: %w", classify(err)))
		}
	}
}

// An Address is where an address stands in the frontier of a site, and what
// was seen there.
type Address struct {
	Site         string         `json:"site"`
	URL          string         `json:"url"`
	Raw          string         `json:"raw,omitempty"` // with the session and tracking parameters that it was first found with
	Kind         dossier.Kind   `json:"kind"`
	State        string         `json:"state"` // pending, leased, done or failed
	Status       dossier.Status `json:"status,omitempty"`
	Reason       dossier.Reason `json:"reason,omitempty"` // of the last attempt
	Record       string         `json:"record,omitempty"`
	Discovered   int64          `json:"discovered"`       // run, 0: it was only imported
	Asked        int64          `json:"asked,omitempty"`  // last run, 0: never
	Due          time.Time      `json:"due,omitzero"`     // of a pending one: not before
	Revisit      time.Time      `json:"revisit,omitzero"` // asked again by a run after that
	OnShow       bool           `json:"on_show"`          // among the first of a list: perhaps asked by each run
	Observations []Observation  `json:"observations"`
}

// Addresses says what is known of an address key, at each site that has it;
// none when no site has ever shown it.
func (a *Archive) Addresses(ctx context.Context, key string) ([]Address, error) {
	return a.addresses(ctx, "(SELECT DISTINCT site FROM runs) s JOIN frontier f ON f.site = s.site AND f.key = $1", key)
}

// LedTo gives addresses that led to one which no page shows, by a redirect: at most ten. It
// looks through all observations.
func (a *Archive) LedTo(ctx context.Context, key string) ([]Address, error) {
	return a.addresses(ctx, `(SELECT f.id AS led FROM addresses o JOIN frontier f ON f.site = o.site AND f.record = o.record WHERE o.key = $1
		UNION SELECT address FROM observations WHERE instr(replace(detail, ',', ' ') || ' ', ' ' || $1 || ' ') > 0 LIMIT 10) JOIN frontier f ON f.id = led`, key)
}

func (a *Archive) addresses(ctx context.Context, from, key string) ([]Address, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT f.id, f.site, f.url, f.kind, f.state, f.status, f.reason, coalesce(r.id, ''), f.discovered, f.asked, f.due, f.revisit, f.shown_by IS NOT NULL, f.raw
		FROM `+from+` LEFT JOIN records r ON r.seq = f.record ORDER BY f.site, f.id`, key)
	if err != nil {
		return nil, fmt.Errorf("address %s: %w", key, classify(err))
	}
	defer rows.Close()
	var out []Address
	var ids []int64
	for rows.Next() {
		var ad Address
		var id, due int64
		var revisit sql.NullInt64
		if err := rows.Scan(&id, &ad.Site, &ad.URL, &ad.Kind, &ad.State, &ad.Status, &ad.Reason, &ad.Record, &ad.Discovered, &ad.Asked, &due, &revisit, &ad.OnShow, &ad.Raw); err != nil {
			return nil, fmt.Errorf("address %s: %w", key, classify(err))
		}
		if due > 0 && ad.State == "pending" {
			ad.Due = time.UnixMilli(due).UTC()
		}
		if revisit.Valid {
			ad.Revisit = time.UnixMilli(revisit.Int64).UTC()
		}
		out, ids = append(out, ad), append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("address %s: %w", key, classify(err))
	}
	for i, id := range ids {
		out[i].Observations = []Observation{}
		for o, err := range a.observations(ctx, "WHERE o.address = $1 ORDER BY o.id", id) {
			if err != nil {
				return nil, err
			}
			out[i].Observations = append(out[i].Observations, o)
		}
	}
	return out, nil
}
