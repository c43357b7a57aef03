/// When a request is repeated, and how long that waits.
///
/// Exponential back-off with full jitter, as the AWS SDKs have it: a random time below a bound that
/// doubles with each try. What the server asks for with Retry-After is waited for, within a bound.
struct RetryPolicy: Sendable {
  /// How often a request is sent at most.
  var attemptsMax = 6
  /// The bound of the first wait.
  var baseMilliseconds = 200
  /// The largest bound.
  var waitMillisecondsMax = 20_000
  /// The longest Retry-After that is heeded.
  var retryAfterSecondsMax = 60
  /// The bound of the first wait for another run that writes at the same time; it doubles up to a hundred
  /// times.
  var settlingMilliseconds = 100
  /// How often such a run is waited for: from five to ten minutes in all.
  var settlingRoundsMax = 66

  /// What came of one try.
  enum Outcome: Equatable, Sendable {
    case failure(isTemporary: Bool)
    /// The status, the code of the error document, and Retry-After in seconds.
    case response(status: Int, code: String, retryAfterSeconds: Int?)
  }

  /// Milliseconds until the next try; nil for none.
  ///
  /// - Parameters:
  ///   - attempt: the tries so far, 1 or more.
  ///   - random: from 0 to 1, 1 excluded.
  func wait(after outcome: Outcome, attempt: Int, random: Double) -> Int? {
    guard attempt < attemptsMax, isTemporary(outcome) else { return nil }
    let doublings = min(attempt - 1, 20)
    let bound = min(waitMillisecondsMax, baseMilliseconds << doublings)
    let wait = Int(Double(bound) * random)
    guard case .response(_, _, let seconds?) = outcome else { return wait }
    return max(wait, min(max(seconds, 0), retryAfterSecondsMax) * 1000)
  }

  /// Milliseconds to wait for another run that writes to the same names; nil when it has been long enough.
  ///
  /// A random time from half of a bound on, so that two runs do not wait in step.
  ///
  /// - Parameters:
  ///   - round: how often it has been waited for, 0 or more.
  ///   - random: from 0 to 1, 1 excluded.
  func settlingWait(round: Int, random: Double) -> Int? {
    guard round < settlingRoundsMax else { return nil }
    let bound = min(settlingMilliseconds * 100, settlingMilliseconds << min(round, 20))
    return bound / 2 + Int(Double(bound - bound / 2) * random)
  }

  private func isTemporary(_ outcome: Outcome) -> Bool {
    switch outcome {
    case .failure(let isTemporary): isTemporary
    case .response(let status, let code, _):
      // 501 is a refusal of what is asked for, and 505 one of HTTP/1.1.
      status == 408 || status == 429 || (status >= 500 && status != 501 && status != 505)
        || Self.temporaryCodes.contains(code)
    }
  }

  /// Codes that come with other statuses as well.
  private static let temporaryCodes: Set<String> = [
    "SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling",
    "ThrottlingException", "RequestLimitExceeded", "TooManyRequests", "OperationAborted",
    // What was sent is not what came: RFC 1864, the transfer has changed it.
    "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody",
  ]
}
