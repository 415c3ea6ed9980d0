package archive

import (
	"fmt"
	"strings"
)

// missing finds versions whose rows are lost. A repair reads the pages again that
// brought them: their texts are not proven to be the same, and so are marked.
func (v *verifier) missing() error {
	lost, err := lostRecords(v.ctx, v.a.reader)
	if err != nil {
		return err
	}
	for _, l := range lost {
		if l.current == 0 { // its row is missing as well, which the check of the file says
			continue
		}
		d := Damage{Kind: DamagedVersion, What: l.id, Detail: missingDetail(&l), Affects: []string{l.id}}
		if v.repair {
			if err := v.remake(l, &d); err != nil {
				return err
			}
		}
		v.found(d)
	}
	return nil
}

// missingDetail names the versions that are missing, those in a row as the first and last.
func missingDetail(l *lostRecord) string {
	missing := l.missing()
	var spans []string
	for i := 0; i < len(missing); {
		j := i
		for j+1 < len(missing) && missing[j+1] == missing[j]+1 {
			j++
		}
		span := fmt.Sprint(missing[i])
		if j > i {
			span += fmt.Sprintf(" to %d", missing[j])
		}
		spans, i = append(spans, span), j+1
	}
	if len(missing) == 1 {
		return "version " + spans[0] + " is missing"
	}
	return "versions " + strings.Join(spans, ", ") + " are missing"
}

func (v *verifier) remake(l lostRecord, d *Damage) error {
	made := map[int]bool{}
	for _, r := range l.plan() {
		ok, err := v.a.remake(v.ctx, l, r, v.read)
		if err != nil {
			return err
		}
		if ok {
			made[r.number] = true
			d.Detail += fmt.Sprintf("; its page read again is %s@%d, marked as such", l.id, r.number)
		}
	}
	d.Repaired = true
	for _, n := range l.missing() {
		d.Repaired = d.Repaired && made[n]
	}
	return nil
}
