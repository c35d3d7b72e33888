//! All stories.
mod promises;
mod stories;
