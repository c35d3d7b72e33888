//! A day.

use std::{fmt, str::FromStr, time::SystemTime};

const SECONDS_A_DAY: i64 = 86_400;

/// A day of the calendar, in UTC. Written `2026-12-02`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Days since the first of January 1970.
    days: i64,
}

impl Date {
    /// The day of a moment, in seconds since the first of January 1970.
    pub fn of_seconds(seconds: i64) -> Date {
        Date { days: seconds.div_euclid(SECONDS_A_DAY) }
    }

    /// Today, by this machine's clock.
    pub fn today() -> Date {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Date::of_seconds(i64::try_from(since.as_secs()).unwrap_or_default())
    }

    /// How many days it is from `start` to this day; negative when this one comes first.
    pub fn days_after(&self, start: Date) -> i64 {
        self.days - start.days
    }
}

/// Years are counted from March here, so that the day that some years have more comes last.
const DAYS_OF_400_YEARS: i64 = 146_097;
const DAYS_FROM_YEAR_0_TO_1970: i64 = 719_468;

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.days + DAYS_FROM_YEAR_0_TO_1970;
        let (era, day) = (days.div_euclid(DAYS_OF_400_YEARS), days.rem_euclid(DAYS_OF_400_YEARS));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        write!(f, "{:04}-{month:02}-{day_of_month:02}", era * 400 + year + next_year)
    }
}

/// What is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no date such as 2026-12-02")]
pub struct NoDate(String);

impl FromStr for Date {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Date, NoDate> {
        let numbers: Vec<i64> = text.split('-').filter_map(|part| part.parse().ok()).collect();
        let [year, month, day] = numbers[..] else { return Err(NoDate(text.to_owned())) };
        let (from_march, year) = if month > 2 { (month - 3, year) } else { (month + 9, year - 1) };
        let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * from_march + 2) / 5 + day - 1;
        let day_of_era = year * 365 + year / 4 - year / 100 + day_of_year;
        let date = Date { days: era * DAYS_OF_400_YEARS + day_of_era - DAYS_FROM_YEAR_0_TO_1970 };
        // The thirtieth of February would be a day of March.
        if date.to_string() == text { Ok(date) } else { Err(NoDate(text.to_owned())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_as_it_is_written() {
        for text in ["1970-01-01", "2000-02-29", "2026-11-23", "2026-12-31", "2028-02-29", "2100-03-01"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        assert_eq!(Date::of_seconds(1_795_392_000).to_string(), "2026-11-23");
        assert_eq!(Date::of_seconds(-1).to_string(), "1969-12-31");
    }

    #[test]
    fn what_is_no_day_of_the_calendar_is_no_date() {
        for text in
            ["", "2026-02-30", "2026-13-01", "2026-1-1", "2100-02-29", "today", "2026-11-23T00:00:00Z"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn tells_how_many_days_are_left() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(day("2026-12-02").days_after(day("2026-11-23")), 9);
        assert_eq!(day("2026-11-23").days_after(day("2026-12-02")), -9);
    }
}
