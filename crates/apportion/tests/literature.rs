//! Examples of the literature.

use feriematch_apportion::{ApportionError, Claim, Method, Tie, apportion, largest_remainder};

fn given(method: Method, total: u64, weights: &[u64]) -> Vec<u64> {
    let claims: Vec<Claim> = weights.iter().map(|&weight| Claim::of(weight)).collect();
    apportion(method, total, &claims).expect("no bounds").given
}

/// Balinski and Young 2001: one distribution of people, and a different apportionment by each of the five divisor methods.
#[test]
fn five_methods_give_five_apportionments() {
    let populations = [27_744, 25_178, 19_947, 14_614, 9_225, 3_292];
    let expected = [
        (Method::LargestRemainder, [10, 9, 7, 5, 4, 1]),
        (Method::Adams, [10, 9, 7, 5, 3, 2]),
        (Method::Dean, [10, 9, 7, 5, 4, 1]),
        (Method::HuntingtonHill, [10, 9, 7, 6, 3, 1]),
        (Method::SainteLague, [10, 9, 8, 5, 3, 1]),
        (Method::DHondt, [11, 9, 7, 5, 3, 1]),
    ];
    for (method, seats) in expected {
        assert_eq!(given(method, 36, &populations), seats, "{method}");
    }
}

/// The first apportionment of the United States, of 1791: Hamilton's of 120 seats was vetoed, Jefferson's of 105 became law.
/// Balinski and Young 2001, chapters 2 and 3.
#[test]
fn the_first_apportionment_of_the_united_states() {
    let populations = [
        630_560, 475_327, 432_879, 353_523, 331_589, 278_514, 236_841, 206_236, 179_570, 141_822, 85_533, 70_835, 68_705, 68_446,
        55_540,
    ];
    assert_eq!(given(Method::LargestRemainder, 120, &populations), [21, 16, 14, 12, 11, 9, 8, 7, 6, 5, 3, 2, 2, 2, 2]);
    assert_eq!(given(Method::DHondt, 105, &populations), [19, 14, 13, 10, 10, 8, 7, 6, 5, 4, 2, 2, 2, 2, 1]);
}

/// With one seat more the smallest gets one less: the paradox that Alabama met in 1881, in its smallest form.
#[test]
fn alabama_paradox() {
    assert_eq!(largest_remainder(10, &[6, 6, 2]), [4, 4, 2]);
    assert_eq!(largest_remainder(11, &[6, 6, 2]), [5, 5, 1]);
    for method in Method::ALL.into_iter().filter(|&method| method != Method::LargestRemainder) {
        let [before, after] = [10, 11].map(|total| given(method, total, &[6, 6, 2]));
        assert!(before.iter().zip(&after).all(|(before, after)| before <= after), "{method}: {before:?}, {after:?}");
    }
}

/// Parties of 53 000, 24 000 and 2 700 votes: by the odd numbers the third's first index, 2 700, is above the first's eighth; by a first
/// divisor of 1.4 it is not yet, and by 1.2 it is not either until there are more seats.
#[test]
fn a_first_divisor_keeps_the_smallest_out() {
    let votes = [53_000, 24_000, 2_700];
    let modified = |first_divisor, seats| given(Method::ModifiedSainteLague { first_divisor }, seats, &votes);
    // Indices: 53 000/19 = 2 789, 24 000/9 = 2 667, 2 700/1, /1.2 = 2 250, /1.4 = 1 929; 53 000/21 = 2 524, /23 = 2 304, /25 = 2 120, /27 = 1 963;
    // 24 000/11 = 2 182, /13 = 1 846.
    assert_eq!(given(Method::SainteLague, 15, &votes), [10, 4, 1]);
    assert_eq!(modified(120, 15), [10, 5, 0]);
    assert_eq!(modified(120, 18), [12, 5, 1]);
    assert_eq!(modified(140, 18), [12, 6, 0]);
    assert_eq!(modified(140, 21), [14, 6, 1]);
    assert_eq!(modified(100, 15), given(Method::SainteLague, 15, &votes));
}

/// Equal proportions and the harmonic mean give everybody one first; where there are fewer, to the heaviest.
#[test]
fn where_everybody_gets_one_first_the_heaviest_come_first() {
    for method in [Method::HuntingtonHill, Method::Dean, Method::Adams] {
        assert_eq!(given(method, 3, &[1, 1_000, 1]), [1, 1, 1], "{method}");
        assert_eq!(given(method, 2, &[1, 1_000, 2]), [0, 1, 1], "{method}");
        assert_eq!(given(method, 3, &[1, 1_000, 0]), [1, 2, 0], "{method}: nothing for no weight");
    }
}

#[test]
fn equal_claims_are_told_and_go_to_whoever_is_listed_first() {
    let claims = [29_u32, 10, 10, 10].map(Claim::of);
    for method in [Method::LargestRemainder, Method::SainteLague] {
        // Quotas 3.93 and 1.36 each; 29/7 = 4.14, 10/3 = 3.33, 29/9 = 3.22.
        let divided = apportion(method, 8, &claims).expect("no bounds");
        assert_eq!(divided.given, [4, 2, 1, 1], "{method}");
        assert_eq!(divided.tie, Some(Tie { met: vec![1], unmet: vec![2, 3] }), "{method}");
    }
    assert_eq!(apportion(Method::SainteLague, 6, &claims).expect("no bounds").tie, None);
}

#[test]
fn bounds_that_leave_no_way_are_refused() {
    let claims = [Claim::of(1_u32).at_least(5), Claim::of(1_u32).at_most(3), Claim::of(0_u32)];
    for method in Method::ALL {
        let divided = |total| apportion(method, total, &claims).map(|divided| divided.given);
        assert_eq!(divided(4), Err(ApportionError::TooFew { least: 5, total: 4 }));
        assert_eq!(divided(5), Ok(vec![5, 0, 0]), "{method}");
        assert_eq!(divided(100), Ok(vec![97, 3, 0]), "{method}");
    }
    let reversed = [Claim::of(1_u32).at_least(5).at_most(3)];
    assert_eq!(apportion(Method::Adams, 4, &reversed), Err(ApportionError::BoundsReversed { claim: 0, least: 5, most: 3 }));
    let capped = [Claim::of(1_u32).at_most(3), Claim::of(0_u32)];
    assert_eq!(apportion(Method::Dean, 4, &capped), Err(ApportionError::TooMany { most: 3, total: 4 }));
}

/// A hundred thousand million kronor to the öre take no longer than ten places.
#[test]
fn totals_of_any_size_are_exact() {
    let weights = [999_999_999_999_937, 999_999_999_999_989, 3];
    let total = 10_000_000_000_000_000;
    for method in Method::ALL {
        let given = given(method, total, &weights);
        assert_eq!(given.iter().sum::<u64>(), total, "{method}: {given:?}");
        assert!(given[0] < given[1] && (14..=16).contains(&given[2]), "{method}: {given:?}");
    }
}
