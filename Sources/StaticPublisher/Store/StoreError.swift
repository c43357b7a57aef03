package import StaticAssets

/// Why a store cannot be read or written; no text contains a secret.
package enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The address, the options or the credentials are wrong; one line.
  case usage(String)
  /// The collected root has a problem; one line.
  case input(String)
  /// The collected root has problems; one line for each.
  case inputs([String])
  /// The store has refused a request.
  case refused(StoreRefusal)
  /// There was no response; the operation and the cause.
  case unreachable(String)
  /// The local system failed.
  case system(FileError)
  /// Another run has published here meanwhile; one line.
  case overtaken(String)

  /// One line: what is wrong, where, and the remedy if it is known.
  package var description: String {
    switch self {
    case .usage(let line), .input(let line), .unreachable(let line), .overtaken(let line): line
    case .inputs(let lines): lines.joined(separator: "; ")
    case .refused(let refusal): refusal.description
    case .system(let error): error.description
    }
  }
}

/// A response with an error status.
package struct StoreRefusal: Sendable, Equatable, CustomStringConvertible {
  /// The operation: `list`, `send`.
  package let operation: String
  /// `s3://bucket/key`.
  package let place: String
  package let status: Int
  /// The code of the error document; empty without one.
  package let code: String
  /// The message of the error document, on one line.
  package let message: String

  package var description: String {
    let reason = code.isEmpty ? "status \(status)" : "\(code) (\(status))"
    let text = message.isEmpty ? "" : ": \(message)"
    return "cannot \(operation) '\(place)': \(reason)\(text)" + (remedy.map { "; \($0)" } ?? "")
  }

  /// Whether the configuration is wrong, rather than the store.
  package var isUsage: Bool {
    [
      "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket", "InvalidBucketName",
      "ExpiredToken", "InvalidToken", "AuthorizationHeaderMalformed",
    ].contains(code) || isRedirect
  }

  /// Whether the store names another address.
  private var isRedirect: Bool {
    [301, 302, 303, 307, 308].contains(status) || code == "PermanentRedirect"
  }

  private var remedy: String? {
    switch code {
    case "AccessDenied":
      "the credentials need s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject there"
    case "InvalidAccessKeyId": "the access key is not known there; see AWS_ACCESS_KEY_ID"
    case "SignatureDoesNotMatch": "see AWS_SECRET_ACCESS_KEY and AWS_REGION"
    case "NoSuchBucket": "make the bucket first"
    case "ExpiredToken", "InvalidToken": "get new credentials"
    case "AuthorizationHeaderMalformed": "the bucket is elsewhere; see AWS_REGION and --endpoint"
    default: isRedirect ? "the bucket is elsewhere; see AWS_REGION and --endpoint" : nil
    }
  }
}
