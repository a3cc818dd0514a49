import PointSource
import Testing

@Suite struct ParameterGridTests {
    @Test func defaultGridHasOneStepMoreOnEitherSide() {
        let grid = ParameterGrid(minimum: 1, maximum: 4, step: 0.1)
        #expect(grid.values.count == 33)
        #expect(grid.values.first == 0.9)
        #expect(grid.values.last == 4.1)
        #expect(grid.values[12] == 2.1)
    }

    @Test func halvesGoToTheLowerPoint() {
        let grid = ParameterGrid(minimum: 1, maximum: 4, step: 0.1)
        // None of these decimals is exact in binary; the rule is about the decimal.
        for tenths in 10..<40 {
            let half = Double(tenths * 10 + 5) / 100
            #expect(grid.values[grid.nearest(to: half).index] == Double(tenths) / 10)
            #expect(grid.values[grid.nearest(to: half + 1e-9).index] == Double(tenths + 1) / 10)
        }
        #expect(grid.values[grid.nearest(to: 1).index] == 1)
        #expect(grid.values[grid.nearest(to: 4).index] == 4)
        #expect(abs(grid.nearest(to: 2.33).offset - 0.03) < 1e-12)
    }

    @Test func valuesOutsideTheRangeAreClamped() {
        let grid = ParameterGrid(minimum: 1, maximum: 4, step: 0.1)
        for (gamma, centre) in [(0.5, 1.0), (0.9, 1), (4.2, 4), (7, 4)] {
            let (index, offset) = grid.nearest(to: gamma)
            #expect(grid.values[index] == centre)
            #expect(abs(offset - (gamma - centre)) < 1e-12)
        }
    }

    @Test func unevenRangeIsCovered() {
        let grid = ParameterGrid(minimum: 1.5, maximum: 2.93, step: 0.1)
        #expect(grid.values.first == 1.4)
        #expect(grid.values[grid.interior.upperBound - 1] >= 2.93)
    }
}
