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

// missingDetail names the versions that are missing.
func missingDetail(l *lostRecord) string {
	missing := l.missing()
	if len(missing) == 1 {
		return fmt.Sprintf("version %d is missing", missing[0])
	}
	return "versions " + spans(missing) + " are missing"
}

// spans names numbers in their order, those in a row as the first and last.
func spans(numbers []int) string {
	var out []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		span := fmt.Sprint(numbers[i])
		if j > i {
			span += fmt.Sprintf(" to %d", numbers[j])
		}
		out, i = append(out, span), j+1
	}
	return strings.Join(out, ", ")
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
