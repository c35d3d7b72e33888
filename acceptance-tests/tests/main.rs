//! All stories.
