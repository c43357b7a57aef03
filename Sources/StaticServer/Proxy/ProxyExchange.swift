internal import CLinux
internal import StaticAssets

/// One request that is forwarded, and its response: a client's connection and an app's, and what is
/// between them.
///
/// Confined to the thread of its loop.
final class ProxyExchange {
  /// What is being waited for.
  enum Phase {
    /// The client's content.
    case receivingContent
    /// Another try to connect, at `retryTime`.
    case waitingToConnect
    /// The app: it takes the request, or sends the response.
    case exchanging
    /// The client alone: the response has come, or has ended.
    case delivering
    /// Nothing in particular: bytes go both ways (RFC 9110 §7.8).
    case tunnel
  }

  /// Who is behind a request, and what it is called.
  struct Origin {
    /// The client's address, as far as it is known.
    let address: PeerAddress
    /// Whether the client came over HTTPS.
    let isSecure: Bool
    /// Where in `appHead` the request's identifier stands.
    let identifier: ByteSlice
  }

  /// The client's descriptor.
  let client: Int32
  let request: ForwardedRequest
  /// Who is behind it.
  let origin: Origin
  /// Whether the client's connection goes on after this.
  var keepsAlive: Bool
  var phase = Phase.receivingContent
  /// When the app is given up, in milliseconds of the monotonic clock.
  var deadline = Int64.max
  /// When the app was first asked.
  var askTime: Int64 = 0
  /// When the first try to connect was made.
  var connectStart: Int64 = 0
  /// When the next try to connect is due.
  var retryTime = Int64.max

  /// The client's head, for the log and for files that the app names; empty without either.
  let head: RequestHead
  let headBytes: [UInt8]
  /// The status that the client was answered with; 0 before.
  var status: UInt16 = 0
  /// Bytes of the response's content that were passed on.
  var bodyByteCount: Int64 = 0

  /// Where the client's content stands.
  var reader: ContentReader
  /// The head for the app; whole once the content is.
  var appHead: [UInt8]
  /// The content for the app; in a tunnel, what the client has sent and the app not taken.
  var content: ByteSpool
  /// Bytes of head and content that the app's side took; in a tunnel, of `content`.
  var sentCount: Int64 = 0

  /// The handler's answer, if that is asked in the place of an app.
  var call: AppCall?
  /// The app's descriptor; below zero without one.
  var app: Int32 = -1
  /// Whether that connection had carried a request before.
  var isReused = false
  /// How often the request was sent again.
  var repeatCount = 0
  /// Whether anything has come from the app.
  var hasHeard = false
  /// Whether the app takes no more of the request.
  var stopsSending = false
  /// Whether nothing is read from the app until the client has taken what there is.
  var isPaused = false
  /// What epoll was asked to report of the app.
  var appInterest: UInt32 = 0

  /// The beginning of a head that has not come whole.
  var partialHead: [UInt8] = []
  /// The response's framing, once its head has come.
  var body: AppResponseHead.Framing?
  var chunks = ChunkReader()
  /// Whether the client is sent the fields behind the content.
  var passesTrailers = false
  /// These as they came, as far as they have come.
  var trailers: [UInt8] = []
  /// Bytes still to come of a response with a length.
  var remaining: Int64 = 0
  /// Whether the client is sent chunks.
  var sendsChunks = false
  /// Whether only the end of the connection tells the client where the response ends.
  var endsWithConnection = false
  var isUnbuffered = false
  /// Whether the app takes another request on its connection, and how long it stays idle at most.
  var appKeepsAlive = false
  var appIdleTime = Int64.max
  /// Whether it has ended: nothing of it is to be used any more.
  var isOver = false
  /// Whether the response ended before its end: the client must not take it for whole.
  var isBroken = false

  /// What the client has not taken.
  var output: ByteSpool
  var outputSent: Int64 = 0
  /// What is sent behind it: a part of the only file of a table.
  var file: (table: FileTable, rest: Range<Int64>)?
  /// Whether a file for it could not be made or written: all stays in memory then.
  var hasNoFile = false
  /// Bytes that the system has taken for the client, and of these what its side had taken when that
  /// was looked at last.
  var sentTotal: Int64 = 0
  var takenTotal: Int64 = 0
  /// What epoll was asked to report of the client.
  var clientInterest: UInt32
  /// What to watch the client for while there is nothing for it.
  var watchInterest: UInt32
  /// In a tunnel, whether the client has ended its side.
  var clientHasFinished = false

  init(
    client: Int32,
    _ request: ForwardedRequest,
    _ origin: Origin,
    _ head: RequestHead,
    appHead: [UInt8],
    headBytes: [UInt8],
    keepsAlive: Bool,
    memoryBytesMax: Int,
    interest: UInt32
  ) {
    self.client = client
    self.request = request
    self.origin = origin
    self.keepsAlive = keepsAlive
    self.headBytes = headBytes
    self.head = headBytes.isEmpty ? RequestHead() : head
    reader = ContentReader(head.content)
    self.appHead = appHead
    content = ByteSpool(memoryBytesMax: memoryBytesMax)
    output = ByteSpool(memoryBytesMax: memoryBytesMax)
    clientInterest = interest
    watchInterest = interest
  }

  /// Bytes that the app's side has not taken.
  var unsentToApp: Int64 {
    let total = phase == .tunnel ? content.count : Int64(appHead.count) + content.count
    return stopsSending ? 0 : total - sentCount
  }

  /// Bytes that the client has not taken.
  var unsentToClient: Int64 { output.count - outputSent + Int64(file?.rest.count ?? 0) }

  /// Sends what comes next to the client, with one call; what the system took, or a negative error
  /// number.
  func sendToClient() -> Int {
    guard outputSent == output.count, let (table, rest) = file else {
      let result = output.send(to: client, from: outputSent)
      if result > 0 { outputSent += Int64(result) }
      return result
    }
    // Kept open by the table: it was opened when it was named.
    let descriptor = table.openFile(0).descriptor
    let count = min(rest.count, 1 << 20)
    let result = clinux_send_file(client, descriptor, rest.lowerBound, count)
    if result > 0 { file = (table, (rest.lowerBound + Int64(result))..<rest.upperBound) }
    return result
  }
}
