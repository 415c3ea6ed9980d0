package archive

import (
	"context"
	"fmt"

	"github.com/dossier-archive/dossier"
)

// store reads a batch of pages at once, says of those that are passed over why, and stores the others
// in the order of the file.
func (j *importJob) store(batch []*foreign) error {
	if len(batch) < fullBatch() { // so that it is packed with the pages before it
		if err := j.settle(); err != nil {
			return err
		}
	}
	readAll(j.ctx, batch, j.open)
	if err := j.ctx.Err(); err != nil {
		return context.Cause(j.ctx)
	}
	var arrived []*foreign
	for _, f := range batch {
		if f.payload && f.reason == "" {
			j.report.Payloads++
		}
		switch {
		case f.err != nil:
			return f.err
		case f.reason != "":
			j.passForeign(f)
		case (f.refused.Status != "" || f.target != "") && j.hold(f):
		default:
			arrived = append(arrived, f)
		}
	}
	return j.storeWhole(j.whole(arrived))
}

// storeWhole stores pages that wait for no other ones, beside what comes next.
func (j *importJob) storeWhole(arrived []*foreign) error {
	if err := j.settle(); err != nil {
		return err
	}
	readAll(j.ctx, arrived, func(f *foreign) {
		if f.waits {
			f.commit, f.err = j.arrival(f)
		}
	})
	if err := j.ctx.Err(); err != nil {
		return context.Cause(j.ctx)
	}
	for _, f := range arrived {
		if f.err != nil {
			return f.err
		}
	}
	if j.stored += len(arrived); len(arrived) > 0 {
		done := make(chan stored, 1)
		go func() { done <- j.archive(arrived) }()
		j.storing = done
	}
	return nil
}

// settle waits until what is being stored is stored, and counts it.
func (j *importJob) settle() error {
	if j.storing == nil {
		return nil
	}
	s := <-j.storing
	j.storing = nil
	j.report.add(s.ImportReport)
	for _, seq := range s.renumbered {
		j.renumbered[seq] = true
	}
	j.report.Renumbered = len(j.renumbered)
	for _, f := range s.unknown {
		if !j.hold(f) {
			f.reason = unseen(f)
			j.passForeign(f)
		}
	}
	for _, f := range s.passed {
		j.passForeign(f)
	}
	return s.err
}

// archive stores pages in the order of the file, in one transaction where the room on the
// disk is enough for it.
func (j *importJob) archive(arrived []*foreign) (out stored) {
	for len(arrived) > 0 {
		n, err := j.a.fitting(j.ctx, len(arrived), func(n int) int64 { return roomFor(arrived[:n]) })
		if err != nil {
			out.err = fmt.Errorf("stopped before %s, at byte %d unpacked: %w", arrived[0].record.URI, arrived[0].record.Offset, err)
			return out
		}
		if out.err = j.archiveAtOnce(arrived[:n], &out); out.err != nil {
			return out
		}
		arrived = arrived[n:]
	}
	return out
}

// archiveAtOnce stores pages in one transaction and counts them.
func (j *importJob) archiveAtOnce(arrived []*foreign, out *stored) error {
	var now stored
	err := j.a.write(j.ctx, "import", func(tx *tx) error {
		for _, f := range arrived {
			f.commit.attempt = attempt{tx: tx}
			if err := j.put(f, &now); err != nil {
				return fmt.Errorf("%s: %w", f.record.URI, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range arrived {
		f.commit.learn(j.a)
	}
	out.add(now.ImportReport)
	out.unknown = append(out.unknown, now.unknown...)
	out.passed = append(out.passed, now.passed...)
	out.renumbered = append(out.renumbered, now.renumbered...)
	return nil
}

// roomFor is about how many bytes pages take.
func roomFor(arrived []*foreign) (n int64) {
	for _, f := range arrived {
		if p := f.commit.page; p != nil {
			n += int64(len(p.body)) + int64(len(p.baseAlone)) + textRoom(f.article)
		}
	}
	return n
}

// put archives one page, or when it was seen again. One that was imported before
// changes nothing.
func (j *importJob) put(f *foreign, out *stored) error {
	if f.seen != nil {
		return j.sighted(f.commit, f.seen)
	}
	if f.refused.Status != "" {
		return j.putRefusal(f, out)
	}
	if f.target != "" {
		return j.putRedirect(f, out)
	}
	c := f.commit
	before, err := c.address(f.key)
	if err != nil {
		return err
	}
	if f.reason, err = j.refuses(f, before); err != nil {
		return err
	}
	if f.reason != "" {
		out.passed = append(out.passed, f)
		return nil
	}
	at, err := c.sightOf(before)
	if err != nil {
		return err
	}
	o, known, err := j.copied(f, before, at)
	if err == nil && o.Status == "" {
		o, known, err = j.outcome(f, at)
	}
	if err != nil {
		return err
	}
	if o.Status == "" {
		out.unknown = append(out.unknown, f)
		return nil
	}
	if err := j.noteText(f, o, before); err != nil {
		return err
	}
	out.count(o.Status)
	if same := o.Status == dossier.StatusChanged || o.Status == dossier.StatusUnchanged; same && before.site != "" && before.site != f.site {
		out.elsewhere(before.site, 1)
	}
	if !known {
		if err := j.observe(c, before, dossier.Outcome{Status: o.Status, Reason: o.Reason}); err != nil {
			return err
		}
	}
	seq, err := c.renumbered()
	if seq != 0 {
		out.renumbered = append(out.renumbered, seq)
	}
	return err
}

// refuses says why a page becomes no record, though it shows an article: a crawl of its site
// would not take it, or it is part of one. One that is a record's, or is that as its file says, is taken.
func (j *importJob) refuses(f *foreign, known knownAddress) (reason string, err error) {
	if f.page == nil || f.said != nil || known.record != 0 {
		return "", nil
	}
	if j.Refuses != nil {
		reason = j.Refuses(f.site, f.page.FinalURL)
	}
	if reason == "" {
		reason, err = j.isPartOf(f)
	}
	return reason, err
}

// outcome is what comes of a capture, or came of it when it was seen before; that of a
// revisit of a page that the archive does not have has no status.
func (j *importJob) outcome(f *foreign, at sight) (o dossier.Outcome, before bool, err error) {
	if f.record.Type == "revisit" {
		if o, before, err = f.commit.revisited(j.a, at, f.record.Get(payloadDigest)); o.Status != "" || err != nil {
			return o, before, err
		}
		return j.textSeenAgain(f, at)
	}
	if o, before, err = f.commit.observedBefore(at); before || err != nil {
		return o, before, err
	}
	o, err = f.commit.putArticle()
	return o, false, err
}
