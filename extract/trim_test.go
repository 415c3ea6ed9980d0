package extract

import "testing"

// Lines that count readers are no part of a text, which would change each time.
func TestReaders(t *testing.T) {
	for text, want := range map[string]bool{
		"已有8人阅读": true, "（已有1,234人浏览）": true, "本文已被 35 人次阅读": true, "共有12人看过": true, "123 people have read this article": true, "read 45 times": true,
		"已有8人报名参加": false, "已有3000人在开发区就业": false, "120 people have read the plan and signed it, the mayor said": false,
	} {
		if got := readers.MatchString(text); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
