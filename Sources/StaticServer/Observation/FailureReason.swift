internal import StaticAssets

/// The reason why a request failed, as named in the access log and the metrics.
///
/// The only list of reasons: each 499, 502, 503 and 504 has one, and so has a response that ended
/// before its content was complete.
package enum FailureReason: UInt8, CaseIterable, Sendable {
  /// Nothing failed.
  case none

  /// The app sent the status itself.
  case app

  /// Nothing listens at the app's address.
  case refused
  /// The app's Unix socket does not exist.
  case missingSocket
  /// The app's address is unreachable, or connecting to it is not permitted.
  case unreachable
  /// The app closed the connection before the end of a response head.
  case closedBeforeHead
  /// The app's connection was reset before the end of a response head.
  case resetBeforeHead
  /// The app's response head is not HTTP.
  case malformedHead
  /// The app's response head is too large.
  case largeHead
  /// The app's response head has an invalid `Content-Length`, or several.
  case malformedLength
  /// The app's response head has `Content-Length` and chunks both.
  case lengthAndChunks
  /// The app switched to a protocol that the client did not request.
  case unrequestedUpgrade
  /// The app selected a file outside of the directories for such files.
  case fileOutside

  /// The queue for the app is full.
  case fullQueue
  /// The request waited in the queue for the whole time-out.
  case queueTimeout
  /// Nothing listened at the app's address for the whole start time-out.
  case appAway
  /// The backlog of the app's socket stayed full.
  case fullBacklog
  /// This process or the system has no descriptor or memory left.
  case exhausted
  /// The content of the request could not be stored in a temporary file.
  case failedSpool

  /// The content was discarded for a file, which a reload replaced by the app before the response.
  case droppedContent
  /// The health path was asked before the app had listened or answered.
  case starting
  /// The health path was asked while the server stops.
  case draining

  /// No connection to the app was established in time.
  case connectTimeout
  /// The app did not begin its response in time.
  case responseTimeout

  /// The handler threw an error, or its response is invalid.
  case failedHandler
  /// A file could not be opened.
  case unreadableFile
  /// A file was truncated, was rewritten or became unreadable while it was sent.
  case brokenFile
  /// The file that the app selected does not exist.
  case missingFile
  /// The client sent the content of its request too slowly.
  case slowContent
  /// The content of the request is larger than allowed.
  case largeContent
  /// The framing of the request's content is invalid.
  case malformedContent

  /// The client left before it had sent all content.
  case leftWhileSending
  /// The client left while its request was queued.
  case leftWhileQueued
  /// The client left before its request was sent to the app.
  case leftWhileConnecting
  /// The client left while the app worked.
  case leftWhileWorking
  /// The client left before it had received the whole response.
  case leftWhileReceiving
  /// The client received its response too slowly.
  case slowReader
  /// The server stopped before the response was complete.
  case stopped

  /// The app ended the connection inside the content of its response.
  case closedInContent
  /// The app stopped sending inside the content of its response.
  case stalledInContent
  /// The chunks of the app's response are invalid.
  case malformedChunks
}

extension FailureReason {
  /// Whether `status` never stands in the log without a reason.
  static func explains(_ status: UInt16) -> Bool {
    switch status {
    case 499, 502, 503, 504: true
    default: false
    }
  }

  /// The text in the log and in labels.
  package var text: StaticString {
    switch self {
    case .none: "none"
    case .app: "answered by the app"
    case .refused: "refused"
    case .missingSocket: "socket missing"
    case .unreachable: "unreachable"
    case .closedBeforeHead: "closed before the head"
    case .resetBeforeHead: "reset before the head"
    case .malformedHead: "malformed head"
    case .largeHead: "head too large"
    case .malformedLength: "malformed length"
    case .lengthAndChunks: "length and chunks both"
    case .unrequestedUpgrade: "upgrade that was not requested"
    case .fileOutside: "named file outside of the directories"
    case .fullQueue: "queue full"
    case .queueTimeout: "queue time-out"
    case .appAway: "nothing listened in time"
    case .fullBacklog: "backlog full"
    case .exhausted: "no descriptors or memory"
    case .failedSpool: "content not stored"
    case .droppedContent: "content skipped before a reload"
    case .starting: "starting"
    case .draining: "draining"
    case .connectTimeout: "timed out while connecting"
    case .responseTimeout: "timed out before the head"
    case .failedHandler: "handler threw"
    case .unreadableFile: "file not readable"
    case .brokenFile: "file changed or unreadable"
    case .missingFile: "named file missing"
    case .slowContent: "content too slow"
    case .largeContent: "content too large"
    case .malformedContent: "malformed content"
    case .leftWhileSending: "client left while sending"
    case .leftWhileQueued: "client left while queued"
    case .leftWhileConnecting: "client left while connecting to the app"
    case .leftWhileWorking: "client left while the app worked"
    case .leftWhileReceiving: "client left while receiving"
    case .slowReader: "client too slow"
    case .stopped: "server stopped"
    case .closedInContent: "closed in the content"
    case .stalledInContent: "timed out in the content"
    case .malformedChunks: "malformed chunks"
    }
  }

  /// The status of the server's own response; nil if it sends none.
  var response: ResponseStatus? {
    switch self {
    case .none, .app, .closedInContent, .stalledInContent, .malformedChunks, .brokenFile: nil
    case .refused, .missingSocket, .unreachable, .closedBeforeHead, .resetBeforeHead,
      .malformedHead, .largeHead, .malformedLength, .lengthAndChunks, .unrequestedUpgrade,
      .fileOutside:
      .badGateway
    case .fullQueue, .queueTimeout, .appAway, .fullBacklog, .exhausted, .failedSpool,
      .droppedContent, .starting, .draining:
      .serviceUnavailable
    case .connectTimeout, .responseTimeout: .gatewayTimeout
    case .failedHandler, .unreadableFile: .internalError
    case .missingFile: .notFound
    case .slowContent: .requestTimeout
    case .largeContent: .contentTooLarge
    case .malformedContent: .badRequest
    case .leftWhileSending, .leftWhileQueued, .leftWhileConnecting, .leftWhileWorking,
      .leftWhileReceiving, .slowReader, .stopped:
      nil
    }
  }

  /// The status of the server's own response, which there must be.
  var ownStatus: ResponseStatus {
    guard let response else { preconditionFailure("no response has the reason '\(text)'") }
    return response
  }

  /// The reason of a response that requests are not welcome.
  init(_ readiness: Readiness) {
    switch readiness {
    case .ready: self = .none
    case .starting: self = .starting
    case .draining: self = .draining
    }
  }

  /// The reason when the response has begun already and can only be truncated.
  var insideContent: FailureReason {
    switch self {
    case .responseTimeout: .stalledInContent
    case .failedHandler: .failedHandler
    default: .closedInContent
    }
  }

  /// The reason of a response that the app sent with `status`.
  init(ofAppStatus status: UInt16) {
    self = Self.explains(status) ? .app : .none
  }

  /// The reason when the client of an exchange in `phase` has left.
  ///
  /// - Parameters:
  ///   - isAsked: whether a byte of the request was sent to the app, also before it was repeated.
  ///   - hasResponse: whether the response has begun.
  init(leavingIn phase: Exchange.Phase, isAsked: Bool, hasResponse: Bool) {
    switch phase {
    case .receivingContent, .storing: self = .leftWhileSending
    case .queued where isAsked, .stalled where isAsked: self = .leftWhileWorking
    case .queued: self = .leftWhileQueued
    case .stalled: self = .leftWhileConnecting
    case .exchanging where hasResponse: self = .leftWhileReceiving
    case .exchanging: self = isAsked ? .leftWhileWorking : .leftWhileConnecting
    case .delivering: self = .leftWhileReceiving
    case .tunnel: self = .none
    }
  }
}
