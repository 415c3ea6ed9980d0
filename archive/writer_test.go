package archive

import (
	"context"
	"path/filepath"
	"testing"
)

// Whatever was written before, a transaction waits for the disk as it was told.
func TestDurability(t *testing.T) {
	a, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for i, d := range []durability{inOrder, onDisk, onDisk, inOrder, inOrder, onDisk, inOrder, onDisk} {
		var level int
		err := a.writeAs(t.Context(), d, "look", func(tx *tx) error {
			return tx.w.conn.QueryRowContext(context.Background(), "PRAGMA synchronous").Scan(&level)
		})
		if want := map[durability]int{inOrder: 1, onDisk: 2}[d]; err != nil || level != want {
			t.Errorf("transaction %d: synchronous is %d, %v; want %d", i, level, err, want)
		}
	}
}
