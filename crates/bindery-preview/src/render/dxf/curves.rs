//! Points, where they go, and curves as many short lines.

use std::f64::consts::TAU;

/// A point of the plane.
pub(super) type Point = (f64, f64);

/// Lines of a whole circle.
const LINES_OF_A_CIRCLE: f64 = 96.0;
/// Lines of a spline for each of its control points.
const LINES_OF_A_SPAN: usize = 10;
/// Points of a spline that is drawn as one.
const LONGEST_SPLINE: usize = 5_000;

/// An affine map: `x' = a x + c y + e`, `y' = b x + d y + f`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) c: f64,
    pub(super) d: f64,
    pub(super) e: f64,
    pub(super) f: f64,
}

impl Default for Place {
    fn default() -> Self {
        Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 }
    }
}

impl Place {
    /// x runs the other way.
    pub(super) fn mirror() -> Self {
        Self { a: -1.0, ..Self::default() }
    }

    /// Where an insertion puts a block: the base comes to the origin, shifted along the turned axes.
    pub(super) fn insertion(
        origin: Point,
        shift: Point,
        turn: f64,
        scale: (f64, f64),
        base: Point,
    ) -> Self {
        let (sin, cos) = turn.sin_cos();
        let turned = Self { a: cos, b: sin, c: -sin, d: cos, e: origin.0, f: origin.1 };
        let scaled = Self { a: scale.0, d: scale.1, e: shift.0, f: shift.1, ..Self::default() };
        turned.then(&scaled).then(&Self { e: -base.0, f: -base.1, ..Self::default() })
    }

    /// First `inner`, then this one.
    pub(super) fn then(&self, inner: &Self) -> Self {
        Self {
            a: self.a * inner.a + self.c * inner.b,
            b: self.b * inner.a + self.d * inner.b,
            c: self.a * inner.c + self.c * inner.d,
            d: self.b * inner.c + self.d * inner.d,
            e: self.a * inner.e + self.c * inner.f + self.e,
            f: self.b * inner.e + self.d * inner.f + self.f,
        }
    }

    /// Where a point goes.
    pub(super) fn of(&self, (x, y): Point) -> Point {
        (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)
    }
}

/// A polyline whose segments may be arcs: a bulge is the tangent of a quarter of the arc's angle.
pub(super) fn bulged(points: &[(Point, f64)], is_closed: bool) -> Vec<Point> {
    let Some((first, _)) = points.first() else {
        return Vec::new();
    };
    let mut line = vec![*first];
    let next = points.iter().skip(1).chain(points.first().filter(|_| is_closed));
    for ((from, bulge), (to, _)) in points.iter().zip(next) {
        if bulge.abs() > 1e-6 {
            arc(*from, *to, *bulge, &mut line);
        }
        line.push(*to);
    }
    line
}

fn arc(from: Point, to: Point, bulge: f64, line: &mut Vec<Point>) {
    let (across, up) = (to.0 - from.0, to.1 - from.1);
    // The centre is on the middle of the chord, this share of the chord to its left.
    let left = (1.0 - bulge * bulge) / (4.0 * bulge);
    let centre = ((from.0 + to.0) / 2.0 - up * left, (from.1 + to.1) / 2.0 + across * left);
    let angle = 4.0 * bulge.atan();
    let begin = (from.1 - centre.1).atan2(from.0 - centre.0);
    let radius = (from.0 - centre.0).hypot(from.1 - centre.1);
    let count = steps(angle);
    for step in 1..count {
        let at = begin + angle * f64::from(step) / f64::from(count);
        line.push((centre.0 + radius * at.cos(), centre.1 + radius * at.sin()));
    }
}

fn steps(angle: f64) -> u32 {
    let wanted = (angle.abs() / TAU * LINES_OF_A_CIRCLE).ceil();
    crate::scale::whole(wanted.clamp(2.0, LINES_OF_A_CIRCLE))
}

/// An ellipse or a part of one: half its long axis, the short one as a share of it, angles in radians.
pub(super) fn ellipse(
    centre: Point,
    axis: Point,
    ratio: f64,
    (begin, end): (f64, f64),
) -> Vec<Point> {
    let mut angle = (end - begin).rem_euclid(TAU);
    if angle < 1e-9 {
        angle = TAU;
    }
    let count = steps(angle);
    let at = |step| {
        let (sin, cos) = (begin + angle * f64::from(step) / f64::from(count)).sin_cos();
        let (x, y) = (axis.0 * cos - axis.1 * sin * ratio, axis.1 * cos + axis.0 * sin * ratio);
        (centre.0 + x, centre.1 + y)
    };
    (0..=count).map(at).collect()
}

/// A B-spline by de Boor's algorithm; nothing where knots and points do not fit each other.
pub(super) fn spline(control: &[Point], knots: &[f64], degree: usize) -> Option<Vec<Point>> {
    let fits = (1..=10).contains(&degree)
        && control.len() > degree
        && control.len() <= LONGEST_SPLINE
        && knots.len() == control.len() + degree + 1
        && knots.is_sorted();
    if !fits {
        return None;
    }
    let (begin, end) = (knots[degree], knots[control.len()]);
    let count = u32::try_from(control.len() * LINES_OF_A_SPAN).ok()?;
    let at = |step: u32| {
        let time = begin + (end - begin) * f64::from(step) / f64::from(count);
        de_boor(control, knots, degree, time)
    };
    Some((0..=count).map(at).collect())
}

fn de_boor(control: &[Point], knots: &[f64], degree: usize, time: f64) -> Point {
    let span = knots[degree + 1..control.len()].partition_point(|knot| *knot <= time) + degree;
    let mut points: Vec<Point> = control[span - degree..=span].to_vec();
    for round in 1..=degree {
        for index in (round..=degree).rev() {
            let low = knots[span - degree + index];
            let high = knots[span + 1 + index - round];
            let share = if high > low { (time - low) / (high - low) } else { 0.0 };
            let (before, here) = (points[index - 1], points[index]);
            points[index] =
                (before.0 + (here.0 - before.0) * share, before.1 + (here.1 - before.1) * share);
        }
    }
    points[degree]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: Point, other: Point) {
        assert!((one.0 - other.0).hypot(one.1 - other.1) < 1e-6, "{one:?} {other:?}");
    }

    #[test]
    fn a_bulge_of_one_is_half_a_circle() {
        let line = bulged(&[((0.0, 0.0), 1.0), ((2.0, 0.0), 0.0)], false);
        near(line[line.len() / 2], (1.0, -1.0));
        near(line[line.len() - 1], (2.0, 0.0));
    }

    #[test]
    fn an_arc_runs_against_the_clock_over_its_end() {
        let line = ellipse((0.0, 0.0), (1.0, 0.0), 1.0, (1.5 * TAU / 2.0, 0.5 * TAU / 2.0));
        near(line[0], (0.0, -1.0));
        near(line[line.len() / 2], (1.0, 0.0));
        near(line[line.len() - 1], (0.0, 1.0));
    }

    #[test]
    fn a_spline_goes_from_its_first_point_to_its_last() {
        let control = [(0.0, 0.0), (1.0, 2.0), (3.0, 2.0), (4.0, 0.0)];
        let knots = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        let line = spline(&control, &knots, 3).unwrap();
        near(line[0], control[0]);
        near(line[line.len() / 2], (2.0, 1.5));
        near(line[line.len() - 1], control[3]);
        assert!(spline(&control, &knots[1..], 3).is_none());
    }

    #[test]
    fn a_block_comes_with_its_base_to_the_origin() {
        let place = Place::insertion((10.0, 20.0), (0.0, 0.0), TAU / 4.0, (2.0, 2.0), (1.0, 1.0));
        near(place.of((1.0, 1.0)), (10.0, 20.0));
        near(place.of((2.0, 1.0)), (10.0, 22.0));
    }
}
