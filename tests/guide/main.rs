//! The code of the README and the book, as tests; and that they show just this code.

mod helpers;

mod book_without_the_macro;
mod code_of_adapters;
mod code_of_asserting;
mod code_of_cassettes;
mod code_of_grammar;
mod code_of_readme;
mod code_of_scenarios;
mod code_of_scenarios_embeddings;
mod code_of_scenarios_gates_and_drivers;
mod code_of_scenarios_lanes;
mod code_of_scenarios_testkit;
mod code_of_server;
mod code_of_start;
mod code_of_suites_cases;
mod code_of_suites_seeds;
mod code_of_suites_sweep;
mod documents;
mod drawn_images;
mod failures_table;
mod features_and_variables;
mod grammar_without_the_macro;
mod imports_without_circles;
mod line_counts_of_adapters;
mod links;
mod llms;
mod public_surface;
mod red_test;
mod rejected_requests_table;
mod rules_have_tests;
mod source_files;
mod symptoms;
