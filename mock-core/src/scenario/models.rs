//! The models that a scenario has.

use super::check::{Checked, reject};
use super::tool::first_repeated;
use super::{Matcher, Scenario};
use crate::search::Search;

impl Scenario {
    /// Whether the mock has this model. A request without a model is always accepted.
    pub(crate) fn has_model(&self, model: &str) -> bool {
        let models = self.models.as_deref();
        model.is_empty() || models.is_none_or(|models| models.any(&|known| known == model))
    }

    /// The names of the models: those of the scenario, or else each that it mentions, in order.
    pub(crate) fn model_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        if let Some(models) = &self.models {
            for model in models.iter() {
                names.push(&**model);
            }
            return names;
        }
        if let Some(model) = &self.model {
            names.push(&**model);
        }
        for &matcher in &self.all_matchers() {
            add_names(std::slice::from_ref(matcher), &mut names);
        }
        names
    }

    /// Checks its models.
    pub(super) fn check_models(&self) -> Checked {
        let is_empty = |name: &str| name.trim().is_empty();
        let own = self.model.as_deref();
        reject(&[(
            own.is_some_and(is_empty),
            "the name of its own model is empty",
            "write one, or leave it out",
        )])?;
        let Some(models) = self.models.as_deref() else {
            return Ok(());
        };
        reject(&[(
            models.is_empty(),
            "its list of models is empty",
            "name a model, or leave out `models`",
        )])?;
        if let Some(twice) = first_repeated(&Vec::from_iter(models)) {
            let problem = format!("the model `{twice}` is given twice");
            return Err((problem, "remove one of the two"));
        }
        reject(&[(
            models.any(&|model| is_empty(model)),
            "the name of a model is empty",
            "write the name that requests have",
        )])?;
        if let Some(own) = own
            && !self.has_model(own)
        {
            let problem = format!("its own model `{own}` is not one of its `models`");
            return Err((problem, "add it to `models`"));
        }
        Ok(())
    }
}

/// Adds the models that matchers name without a `*` or a capture. What `not(..)` names is not asked for.
fn add_names<'s>(matchers: &'s [Matcher], names: &mut Vec<&'s str>) {
    for matcher in matchers {
        match matcher {
            Matcher::Model(pattern) => {
                if let Some(name) = pattern.as_text()
                    && !names.contains(&name)
                {
                    names.push(name);
                }
            }
            Matcher::AnyOf(inner) | Matcher::AllOf(inner) => add_names(inner, names),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::builder::*;

    #[test]
    fn the_models_that_a_scenario_mentions_are_listed_once_each() {
        let scenario = script([
            on(model("gpt-4o")).reply("a"),
            on(any_of([model("o3"), model("gpt-4o"), model("gpt-5*")])).reply("b"),
            on(not(model("o1"))).reply("c"),
        ])
        .model("gpt-4.1");
        assert_eq!(scenario.model_names(), ["gpt-4.1", "gpt-4o", "o3"]);
        assert!(scenario.has_model("any"));
    }

    #[test]
    fn the_models_of_a_scenario_are_all_that_it_has() {
        let scenario = script([on(model("o3")).reply("a")]).models(["gpt-4o", "o3"]);
        assert_eq!(scenario.model_names(), ["gpt-4o", "o3"]);
        assert!(scenario.has_model("o3") && !scenario.has_model("o1"));
        assert!(scenario.has_model(""), "it names none");
    }
}
