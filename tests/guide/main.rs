//! The code of the README and the book, as tests; and that they show just this code.

mod helpers;

mod adapter_lines;
mod adapters;
mod book_without_the_macro;
mod cases_in_the_book;
mod documents;
mod drawn_images;
mod embeddings;
mod expectations_in_the_book;
mod failures_table;
mod features_and_variables;
mod gates_and_drivers;
mod grammar;
mod grammar_without_the_macro;
mod lanes;
mod links;
mod llms;
mod public_surface;
mod readme;
mod recorded;
mod red_test;
mod rejected_requests_table;
mod rules_have_tests;
mod scenarios;
mod seeds;
mod server;
mod source_files;
mod start;
mod sweep;
mod symptoms;
mod testkit;
