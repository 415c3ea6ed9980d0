package archive_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestFiguresStayApart: two bulletins that differ in one figure or sign are two records; texts that
// differ in how they are set are one.
func TestFiguresStayApart(t *testing.T) {
	const text = "今年以来，全区主要指标为%s，比上年同期有所变化，各部门要继续做好工作。"
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"12.5亿元", "125亿元", false},
		{"下降-5%", "下降5%", false},
		{"下降\u22125%", "下降5%", false},
		{"3.0%", "3.0‰", false},
		{"10³吨", "103吨", false},
		{"1½倍", "11/2倍", false},
		{"1,204家", "12,04家", false},
		{"5:3", "53", false},
		{"3/5", "35", false},
		{"+8", "8", false},
		{"$5万", "￥5万", false},
		{"20~30", "2030", false},
		{"2018-2019", "20182019", false},
		{"↑5%", "↓5%", false},
		{"▲5%", "▼5%", false},
		{"合格√", "合格×", false},
		{"≥10%", "≤10%", false},
		{"＞100", "＜100", false},
		{"1 2", "12", false},
		{"长春\t7\t", "长春\t\t7", false},
		{"PM2.5", "PM25", false},
		{"C++项目", "C项目", false},
		{"“稳”字", "「稳」字", true},
		{"12.5亿元", "１２.５亿元", true},
		{"5－6月", "5—6月", true},
		{"增长，5家", "增长 5家", true},
		{"一是稳；", "一是稳。", true},
		{"●企业", "■企业", true},
		{"￥8", "¥8", true},
		{"长春（新区）", "长春(新区)", true},
		{"Zone's plan", "Zone’s plan", true},
	} {
		a := open(t)
		article := func(figure string) dossier.Article {
			return article("关于主要指标的通报", fmt.Sprintf(text, figure))
		}
		ids := put(t, a, "jilin", noon, article(tt.a), article(tt.b))
		if (ids[0] == ids[1]) != tt.same {
			t.Errorf("%q and %q are one record: %v", tt.a, tt.b, !tt.same)
			continue
		}
		for i, figure := range []string{tt.a, tt.b} {
			if r, err := a.Record(t.Context(), ids[i]); err != nil || !tt.same && !strings.Contains(r.Body, figure) {
				t.Errorf("%q: %q, %v", figure, r.Body, err)
			}
		}
	}
}
