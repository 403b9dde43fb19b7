package report

import "math"

// matrixView is a Matrix whose cells are shaded.
type matrixView struct {
	Matrix
	Caption string
	Lines   []matrixLine
}

type matrixLine struct {
	By    string
	Cells []shadedCell
}

// shadedCell has a shade of 1 to 5, 0 where the cell is empty.
type shadedCell struct {
	Cell
	Shade int
}

// shades is the number of shades of a matrix, the steps of a logarithmic scale.
const shades = 5

func newMatrixView(m Matrix) matrixView {
	v := matrixView{Matrix: m, Caption: "Pairs of countries: " + m.Label}
	var top uint64
	for _, line := range m.Cells {
		for _, c := range line {
			top = max(top, c.Value+c.Internal)
		}
	}
	for i, by := range m.By {
		line := matrixLine{By: by}
		for _, c := range m.Cells[i] {
			line.Cells = append(line.Cells, shadedCell{c, shade(c.Value+c.Internal, top)})
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

// shade places n on a logarithmic scale from 1 to top.
func shade(n, top uint64) int {
	if n == 0 {
		return 0
	}
	if top <= 1 {
		return shades
	}
	return min(shades, 1+int(shades*math.Log(float64(n))/math.Log(float64(top))))
}
