"""Functions, documents, automation, parameters."""

import io
import json
import zipfile

from .words import TRUST


def probe(client, tried, shared):
    """Tries it all, in this order."""
    functions, ssm = client("lambda"), client("ssm")
    buf = io.BytesIO()
    z = zipfile.ZipFile(buf, "w")
    z.writestr("x.py", 'def handler(e,c):\n return {"ok":1}\n')
    z.close()
    try:
        role = client("iam").create_role(RoleName="lam", AssumeRolePolicyDocument=TRUST.replace("ec2", "lambda"))[
            "Role"
        ]["Arn"]
    except Exception:
        role = "arn:aws:iam::123456789012:role/lam"
    tried(
        "Lambda CreateFunction",
        lambda: functions.create_function(
            FunctionName="f",
            Runtime="python3.12",
            Role=role,
            Handler="x.handler",
            Code={"ZipFile": buf.getvalue()},
            Timeout=30,
            MemorySize=256,
            Environment={"Variables": {"NAME": "b"}},
            Tags={"a": "b"},
        ),
        lambda said: None if said.get("State") in ("Pending",) else f"State {said.get('State')} at once (AWS Pending)",
    )
    tried(
        "Lambda UpdateFunctionConfiguration",
        lambda: functions.update_function_configuration(FunctionName="f", Timeout=60),
    )
    tried(
        "Lambda AddPermission",
        lambda: functions.add_permission(
            FunctionName="f",
            StatementId="s",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn="arn:aws:sns:eu-west-1:123456789012:t",
        ),
    )
    tried(
        "Lambda Invoke",
        lambda: functions.invoke(FunctionName="f", Payload=b"{}"),
        lambda said: None if b"ok" in said["Payload"].read() else "payload",
    )
    tried(
        "Lambda bogus role",
        lambda: functions.create_function(
            FunctionName="f2",
            Runtime="python3.12",
            Role="arn:aws:iam::123456789012:role/none",
            Handler="x.h",
            Code={"ZipFile": buf.getvalue()},
        ),
        err="InvalidParameterValueException",
    )
    doc = {
        "schemaVersion": "0.3",
        "description": "failover",
        "assumeRole": role,
        "parameters": {"G": {"type": "String"}},
        "mainSteps": [
            {"name": "a", "action": "aws:executeAwsApi", "inputs": {"Service": "rds", "Api": "DescribeGlobalClusters"}}
        ],
    }
    tried(
        "SSM CreateDocument Automation",
        lambda: ssm.create_document(
            Name="doc",
            Content=json.dumps(doc),
            DocumentType="Automation",
            DocumentFormat="JSON",
            Tags=[{"Key": "a", "Value": "b"}],
        ),
    )
    tried(
        "SSM GetDocument",
        lambda: ssm.get_document(Name="doc"),
        lambda said: None if said["DocumentType"] == "Automation" else "x",
    )
    tried(
        "SSM UpdateDocument",
        lambda: ssm.update_document(
            Name="doc", Content=json.dumps({**doc, "description": "v2"}), DocumentVersion="$LATEST"
        ),
    )
    x = tried(
        "SSM StartAutomationExecution",
        lambda: ssm.start_automation_execution(DocumentName="doc", Parameters={"G": ["g"]}),
    )
    tried(
        "SSM GetAutomationExecution",
        lambda: ssm.get_automation_execution(AutomationExecutionId=x["AutomationExecutionId"]),
    )
    tried(
        "SSM Put/GetParameter",
        lambda: (
            ssm.put_parameter(Name="/a", Value="1", Type="SecureString", Tags=[{"Key": "a", "Value": "b"}]),
            ssm.get_parameter(Name="/a", WithDecryption=True),
        )[1],
        lambda said: None if said["Parameter"]["Value"] == "1" else "x",
    )
    tried(
        "SSM public AMI parameter",
        lambda: ssm.get_parameter(
            Name="/aws/service/eks/optimized-ami/1.31/amazon-linux-2023/x86_64/standard/recommended/image_id"
        ),
    )
