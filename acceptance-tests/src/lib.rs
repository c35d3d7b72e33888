//! The local AWS and terraform, as a library for stories.
