//! What Terraform would refuse cannot be built.

use super::*;
use crate::value::Path;

fn refusal(name: &str, attribute: Attribute) -> SchemaError {
    Schema::new(0).attribute(name, attribute).build().unwrap_err()
}

#[test]
fn names_that_no_configuration_could_use_are_refused() {
    for name in ["Name", "a-b", "ä", "", "9a", "a b"] {
        assert_eq!(refusal(name, Attribute::required(Kind::string())), SchemaError::Name(Path::root(name)));
        let schema = Schema::new(0).block(name, Block::single(Body::new())).build();
        assert_eq!(schema.unwrap_err(), SchemaError::Name(Path::root(name)));
    }
}

#[test]
fn terraforms_own_arguments_are_refused_where_they_are_its_own() {
    for name in ["count", "for_each", "provider", "lifecycle", "depends_on", "connection", "provisioner"] {
        assert_eq!(
            refusal(name, Attribute::required(Kind::string())),
            SchemaError::Reserved(Path::root(name))
        );
    }
    let inside = Nested::new().attribute("count", Attribute::required(Kind::number()));
    assert!(Schema::new(0).attribute("nodes", Attribute::optional(Kind::Single(inside))).build().is_ok());

    let alias = || Schema::new(0).attribute("alias", Attribute::optional(Kind::string()));
    assert!(alias().build().is_ok());
    assert_eq!(alias().build_provider().unwrap_err(), SchemaError::Reserved(Path::root("alias")));
}

#[test]
fn a_name_that_is_given_twice_is_refused() {
    let attribute = || Attribute::required(Kind::string());
    let twice = Schema::new(0).attribute("a", attribute()).attribute("a", attribute()).build();
    assert_eq!(twice.unwrap_err(), SchemaError::Twice(Path::root("a")));
    let both = Schema::new(0).attribute("a", attribute()).block("a", Block::single(Body::new())).build();
    assert_eq!(both.unwrap_err(), SchemaError::Twice(Path::root("a")));
    let nested = Nested::new().attribute("b", attribute()).attribute("b", attribute());
    let error = refusal("a", Attribute::optional(Kind::Single(nested)));
    assert_eq!(error, SchemaError::Twice(Path::root("a").attribute("b")));
}

#[test]
fn what_is_inside_of_a_collection_has_a_type() {
    let open = || Nested::new().attribute("any", Attribute::optional(Kind::dynamic()));
    for kind in [Kind::list(Type::Dynamic), Kind::set(Type::object([("x", Type::Dynamic)]))] {
        assert_eq!(refusal("a", Attribute::optional(kind)), SchemaError::DynamicInside(Path::root("a")));
    }
    for kind in [Kind::List(open()), Kind::Set(open()), Kind::Map(open())] {
        let error = refusal("a", Attribute::optional(kind));
        assert_eq!(error, SchemaError::DynamicInside(Path::root("a").attribute("any")));
    }
    let block = Block::set(Body::new().attribute("any", Attribute::optional(Kind::dynamic())), 0, 0);
    let error = Schema::new(0).block("b", block).build().unwrap_err();
    assert_eq!(error, SchemaError::DynamicInside(Path::root("b").attribute("any")));
    assert!(Schema::new(0).attribute("a", Attribute::optional(Kind::Single(open()))).build().is_ok());
    assert!(Schema::new(0).attribute("a", Attribute::optional(Kind::dynamic())).build().is_ok());
}

#[test]
fn what_is_write_only_is_neither_computed_nor_in_a_set() {
    for attribute in [Attribute::computed(Kind::string()), Attribute::optional_computed(Kind::string())] {
        assert_eq!(refusal("a", attribute.write_only()), SchemaError::WriteOnlyComputed(Path::root("a")));
    }
    let computed = Nested::new().attribute("b", Attribute::computed(Kind::string()));
    let error = refusal("a", Attribute::optional(Kind::Single(computed)).write_only());
    assert_eq!(error, SchemaError::WriteOnlyComputed(Path::root("a").attribute("b")));

    let secret = || Attribute::optional(Kind::string()).write_only();
    let error = refusal("a", Attribute::optional(Kind::Set(Nested::new().attribute("b", secret()))));
    assert_eq!(error, SchemaError::WriteOnlyInSet(Path::root("a").attribute("b")));
    let list = Nested::new().attribute("b", secret());
    let block = Block::set(Body::new().attribute("list", Attribute::optional(Kind::List(list))), 0, 0);
    let error = Schema::new(0).block("s", block).build().unwrap_err();
    assert_eq!(error, SchemaError::WriteOnlyInSet(Path::root("s").attribute("list").attribute("b")));
}

#[test]
fn counts_and_versions_make_sense() {
    let blocks = |min, max| Schema::new(0).block("b", Block::list(Body::new(), min, max)).build();
    assert_eq!(blocks(3, 2).unwrap_err(), SchemaError::Counts(Path::root("b"), 3, 2));
    assert!(blocks(3, 0).is_ok() && blocks(2, 2).is_ok());
    assert_eq!(Schema::new(-1).build().unwrap_err(), SchemaError::Version(-1));
}
