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

func missingDetail(l *lostRecord) string {
	var numbers []string
	for _, n := range l.missing() {
		numbers = append(numbers, fmt.Sprint(n))
	}
	if len(numbers) == 1 {
		return "version " + numbers[0] + " is missing"
	}
	return "versions " + strings.Join(numbers, ", ") + " are missing"
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
