/// When a request is repeated, and after which delay.
///
/// Exponential back-off with full jitter, as in the AWS SDKs: a random time below a bound that
/// doubles with each attempt. The server's Retry-After is obeyed, up to a limit.
struct RetryPolicy: Sendable {
  /// The maximum number of attempts.
  var attemptsMax = 6
  /// The bound of the first delay.
  var baseMilliseconds = 200
  /// The largest bound.
  var waitMillisecondsMax = 20_000
  /// The longest Retry-After that is obeyed.
  var retryAfterSecondsMax = 60
  /// The bound of the first wait for another run that writes at the same time; it doubles each
  /// time, up to a hundred times this value.
  var settlingMilliseconds = 100
  /// The maximum number of such waits: from five to ten minutes in all.
  var settlingRoundsMax = 66

  /// The outcome of one attempt.
  enum Outcome: Equatable, Sendable {
    case failure(isTemporary: Bool)
    /// The status, the code of the error document, and Retry-After in seconds.
    case response(status: Int, code: String, retryAfterSeconds: Int?)
  }

  /// Milliseconds until the next attempt; nil for none.
  ///
  /// - Parameters:
  ///   - attempt: the attempts so far, 1 or more.
  ///   - random: from 0 to 1, 1 excluded.
  func wait(after outcome: Outcome, attempt: Int, random: Double) -> Int? {
    guard attempt < attemptsMax, isTemporary(outcome) else { return nil }
    let doublings = min(attempt - 1, 20)
    let bound = min(waitMillisecondsMax, baseMilliseconds << doublings)
    let wait = Int(Double(bound) * random)
    guard case .response(_, _, let seconds?) = outcome else { return wait }
    return max(wait, min(max(seconds, 0), retryAfterSecondsMax) * 1000)
  }

  /// Milliseconds to wait for another run that writes to the same names; nil after the last round.
  ///
  /// The time is random, at least half of a bound, so that two runs do not wait in step.
  ///
  /// - Parameters:
  ///   - round: the number of earlier waits, 0 or more.
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
      // 501 refuses the operation, and 505 the version of HTTP: a retry does not help.
      status == 408 || status == 429 || (status >= 500 && status != 501 && status != 505)
        || Self.temporaryCodes.contains(code)
    }
  }

  /// Error codes that are temporary with any status.
  private static let temporaryCodes: Set<String> = [
    "SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling",
    "ThrottlingException", "RequestLimitExceeded", "TooManyRequests", "OperationAborted",
    // The content was changed in transfer: RFC 1864.
    "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody",
  ]
}
