"""How a call was refused."""

import botocore.exceptions


def refusal(call, *arguments, **parameters):
    """(code, status) of the refusal of a call, or None if it was not refused."""
    try:
        call(*arguments, **parameters)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    return None


def cut(call, *arguments, **parameters):
    """Whether the connection was cut before an answer came."""
    try:
        call(*arguments, **parameters)
    except botocore.exceptions.HTTPClientError:
        return True
    return False
