package web

// chart is what a page hands to the drawing beside its table.
type chart struct {
	Kind   string        `json:"kind"` // line bar stack rows
	Labels []string      `json:"labels"`
	Series []chartSeries `json:"series"`
	Plan   *chartPlan    `json:"plan,omitempty"`
	Unit   string        `json:"unit,omitempty"`
}

type chartSeries struct {
	Name string   `json:"name"`
	Data []*int64 `json:"data"`
	Role string   `json:"role"` // main last second third lost late paid
}

type chartPlan struct {
	Value int64  `json:"value"`
	Label string `json:"label"`
}
