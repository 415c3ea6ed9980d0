package extract

import "testing"

// TestAuthorNames cleans what stands where authors are named.
func TestAuthorNames(t *testing.T) {
	tests := []struct{ text, want string }{
		// Words before the name.
		{"By Ann Lee", "Ann Lee"}, {"Von Anna Schmidt", "Anna Schmidt"}, {"Written by: Ann Lee", "Ann Lee"}, {"Par Marie Dupont", "Marie Dupont"},
		{"Por Juan Pérez", "Juan Pérez"}, {"Oleh Budi Santoso", "Budi Santoso"}, {"Erstellt von Anna Schmidt am Dienstag", "Anna Schmidt"},
		{"All posts by Ann Lee", "Ann Lee"}, {"Staff Reporter Ann Lee", "Ann Lee"}, {"Wirtschaftsredakteurin Anna Schmidt", "Anna Schmidt"},
		// What follows it.
		{"Ann Lee, Staff Writer", "Ann Lee"}, {"Ann Lee | Northern News", "Ann Lee"}, {"Ann Lee ann@example.org", "Ann Lee"}, {"Ann Lee Follow", "Ann Lee"}, {"Ana Souza publicado", "Ana Souza"}, {"Ana Souza em", "Ana Souza"},
		{"Anna Schmidt, Frankfurt", "Anna Schmidt"}, {"Anna Schmidt, NORDFUNK", "Anna Schmidt"}, {"Anna Schmidt aus Berlin", "Anna Schmidt"}, {"Ann Lee 19 January 2018", "Ann Lee"},
		{"Anna Schmidt Foto: Bo Chen", "Anna Schmidt"}, {"Ann Lee Ann Lee", "Ann Lee"}, {"Anna Schmidt / Kategorie: Politik", "Anna Schmidt"}, {"Martin King Jr.", "Martin King Jr."},
		// Several.
		{"Ann Lee and Bo Chen", "Ann Lee; Bo Chen"}, {"Anna Schmidt, Bo Chen und Carl Diem", "Anna Schmidt; Bo Chen; Carl Diem"}, {"Ann Lee/Bo Chen", "Ann Lee; Bo Chen"},
		{"Juan Pérez y Ana Ruiz", "Juan Pérez; Ana Ruiz"}, {"E. Barry", "E. Barry"}, {"Ann Lee, AFP", "Ann Lee"}, {"Maria Fernandes, Communications Manager", "Maria Fernandes"}, {"Jean Petit, Directeur", "Jean Petit"}, {"dpa", "dpa"},
		// Han, kana and Hangul.
		{"本报记者 王小明 李红", "王小明; 李红"}, {"记者：王小明", "王小明"}, {"王小明、李红", "王小明; 李红"}, {"王 明 李小红", "王明; 李小红"}, {"通讯员 王小明", "王小明"},
		{"文小明", "文小明"}, {"约翰·史密斯", "约翰·史密斯"}, {"文/王小明", "王小明"}, {"山田太郎記者", "山田太郎"}, {"김철수 기자", "김철수"}, {"王乐文", "王乐文"},
		// Nobody.
		{"ann@example.org", ""}, {"admin", ""}, {"系统管理员", ""}, {"Follow us", ""}, {"http://example.org/ann", ""}, {"example.org", ""}, {"Author", ""}, {"Redaktion", ""},
		{"Battery Works GmbH", ""}, {"{{ author.name }}", ""}, {"Article by", ""}, {"编辑部", ""},
	}
	for _, tt := range tests {
		if got := authorNames(tt.text); got != tt.want {
			t.Errorf("authorNames(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
