//! GetFunctions and CallFunction.

use std::collections::HashMap;

use tracing::info_span;

use super::find;
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::{call_function as call, get_functions as functions};
use crate::provider::{Capabilities, FunctionError, Parameter, Signature};
use crate::server::outcome::{self, Outcome};
use crate::server::registry::Registry;
use crate::server::services::Services;
use crate::server::wire;
use crate::value::Value;

pub(in crate::server) async fn get_functions(
    services: &Services,
    _request: functions::Request,
) -> functions::Response {
    functions::Response { functions: definitions(&services.registry), diagnostics: Vec::new() }
}

/// All functions by name.
pub(super) fn definitions(registry: &Registry) -> HashMap<String, proto::Function> {
    registry.functions.iter().map(|(name, served)| (name.clone(), describe(&served.signature))).collect()
}

fn describe(signature: &Signature) -> proto::Function {
    proto::Function {
        parameters: signature.parameters.iter().map(describe_parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(describe_parameter),
        r#return: Some(proto::function::Return { r#type: signature.returns.to_json() }),
        summary: signature.summary.clone(),
        description: signature.description.clone(),
        description_kind: proto::StringKind::Markdown.into(),
        deprecation_message: String::new(),
    }
}

fn describe_parameter(parameter: &Parameter) -> proto::function::Parameter {
    proto::function::Parameter {
        name: parameter.name.clone(),
        r#type: parameter.r#type.to_json(),
        allow_null_value: parameter.allow_null,
        allow_unknown_values: parameter.allow_unknown,
        description: parameter.description.clone(),
        description_kind: proto::StringKind::Markdown.into(),
    }
}

pub(in crate::server) async fn call_function(services: &Services, request: call::Request) -> call::Response {
    match evaluate(services, request).await {
        Ok(result) => call::Response { result: Some(result), error: None },
        Err(FunctionError { argument, text }) => call::Response {
            result: None,
            error: Some(proto::FunctionError { text, function_argument: argument }),
        },
    }
}

async fn evaluate(services: &Services, request: call::Request) -> Result<proto::DynamicValue, FunctionError> {
    let served = find(&services.registry.functions, "function", &request.name)
        .map_err(|missing| FunctionError::new(missing.summary))?;
    let arguments = arguments(&served.signature, request.arguments)?;
    let function = served.function.clone();
    let span = info_span!("CallFunction", tf_function = request.name);
    let outcome = outcome::run(&services.running, Capabilities::default(), span, |_call| async move {
        function.call(arguments).await
    });
    match outcome.await {
        Outcome::Returned(result) => wire::encode(&result?, &served.signature.returns, "result")
            .map_err(|broken| FunctionError::new(broken.detail)),
        Outcome::Panicked(diagnostic, _) => Err(FunctionError::new(diagnostic.detail)),
    }
}

fn arguments(signature: &Signature, sent: Vec<proto::DynamicValue>) -> Result<Vec<Value>, FunctionError> {
    let parameters = signature.parameters.len();
    if sent.len() < parameters || (sent.len() > parameters && signature.variadic.is_none()) {
        return Err(FunctionError::new(format!("It takes {parameters} arguments and got {}.", sent.len())));
    }
    let all = signature.parameters.iter().chain(signature.variadic.iter().cycle());
    (0..)
        .zip(sent)
        .zip(all)
        .map(|((index, argument), parameter)| {
            wire::decode(Some(argument), &parameter.r#type, &parameter.name)
                .map_err(|broken| FunctionError::argument(index, broken.detail))
        })
        .collect()
}
