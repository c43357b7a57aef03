internal import StaticAssets

/// One request that an app or a handler processes, with its response and both connections.
///
/// A noncopyable value, owned by its loop's slab or by the function that works on it. All state of
/// a request is a member, so none of it outlives the request.
struct Exchange: ~Copyable {
  /// The event that the exchange waits for.
  enum Phase: CaseIterable {
    /// For the client's content.
    case receivingContent
    /// For the write of the content to a file; all of it is received.
    case storing
    /// For a share of the app's concurrency limit.
    case queued
    /// For a connection to the app: nothing listens at its address, or its backlog is full.
    case stalled
    /// For the app, which receives the request or sends the response.
    case exchanging
    /// For the client, which receives the rest of the response.
    case delivering
    /// For either side of an upgraded connection (RFC 9110 §7.8).
    case tunnel
  }

  /// The client and the identifier of a request.
  struct Origin {
    /// The client's address as far as it is known.
    let address: PeerAddress
    /// Whether the client came over HTTPS.
    let isSecure: Bool
    /// The range of the request's identifier in `appHead`.
    var identifier: ByteSlice
    /// The host that a trusted proxy reports, or that of an absolute-form target, in `headBytes`.
    let host: ByteSlice
    /// The number of the connection.
    let connection: UInt64
  }

  private let inPlace = InPlace()
  let id: ExchangeID
  /// The client's descriptor.
  let client: Int32
  /// The index of the app or peer that the request is sent to.
  var app: Int
  let request: ForwardedRequest
  var origin: Origin
  /// The client's head, for the log and for files that the app selects; empty if neither needs it.
  let head: RequestHead
  let headBytes: [UInt8]

  var phase = Phase.receivingContent
  /// Whether the exchange is over and must be released.
  var isOver = false
  /// Whether the client's connection stays open after this exchange.
  var keepsAlive: Bool
  /// Whether the request holds a share of the app's concurrency limit.
  var holdsShare = false
  /// When the request was received, in monotonic nanoseconds.
  let startTime: Int64
  /// The time when the request was first sent to the app, in monotonic milliseconds; 0 before.
  var askTime: Int64 = 0
  /// The same in nanoseconds, and the time when the app's response ended or was abandoned; 0
  /// before.
  var appStartTime: Int64 = 0
  var appEndTime: Int64 = 0
  /// The time when it began to wait for one of the app's shares; 0 before.
  var queueTime: Int64 = 0
  /// The time when it first had to wait for a connection to the app; 0 before.
  var stallTime: Int64 = 0

  /// The position in the framing of the client's content.
  var reader: ContentReader
  /// The time by which the client's content must have been received, in monotonic milliseconds.
  var contentDeadline = Int64.max
  /// The head for the app; complete after the content was received.
  var appHead: [UInt8]
  /// The content for the app; in a tunnel, the client's bytes that the app has not received.
  var content: ByteSpool

  /// Whether `appHead` has its framing fields.
  var isFramed = false
  /// The progress of asking peers for a file.
  var peers = PeerProgress()
  /// The connection to the app.
  var upstream = UpstreamSide()
  /// The call of a handler; nil if an app answers.
  var call: HandlerCall?
  /// Whether the handler reads the content while it is received.
  var streamsContent = false
  /// Whether the client waits for 100 (Continue).
  var awaitsContinue = false
  /// The progress of the response.
  var response = ResponseProgress()

  /// Response bytes that the client has not received.
  var sink: ResponseSink
  /// The events that a waiting client is watched for.
  var watch = ClientWatch.anything
  /// The registered epoll events of the client; nil if it is not registered.
  var clientInterest: PollEvents? = .readable
  /// The two directions of an upgraded connection.
  var tunnel = Tunnel()

  init(
    _ id: ExchangeID,
    client: Int32,
    app: Int = 0,
    _ request: ForwardedRequest,
    _ origin: Origin,
    _ head: RequestHead,
    appHead: [UInt8],
    headBytes: [UInt8],
    keepsAlive: Bool,
    startTime: Int64,
    memoryBytesMax: Int
  ) {
    self.startTime = startTime
    self.id = id
    self.client = client
    self.app = app
    self.request = request
    self.origin = origin
    self.keepsAlive = keepsAlive
    self.headBytes = headBytes
    self.head = headBytes.isEmpty ? RequestHead() : head
    reader = ContentReader(head.content)
    self.appHead = appHead
    content = ByteSpool(memoryBytesMax: memoryBytesMax)
    sink = ResponseSink(memoryBytesMax: memoryBytesMax)
  }

  /// The time that the app took in nanoseconds, up to `now` if it has not finished; negative if the
  /// request was not sent to it.
  func appDuration(until now: Int64) -> Int64 {
    guard appStartTime > 0 else { return -1 }
    return max(0, (appEndTime > 0 ? appEndTime : now) - appStartTime)
  }

  /// Subtracts discarded response bytes from the content that the client received.
  ///
  /// They include heads and chunk sizes, so the count may be too low, never too high.
  mutating func noteUnsent(_ byteCount: Int64) {
    response.bodyByteCount = max(0, response.bodyByteCount - byteCount)
  }

  /// The bytes of head and content that the app has not received.
  var unsentToApp: Int64 {
    guard !upstream.stopsSending else { return 0 }
    let total = phase == .tunnel ? content.count : Int64(appHead.count) + content.count
    return total - upstream.sentCount
  }
}

/// The progress of asking peers for a file.
struct PeerProgress {
  /// Whether the request is currently for peers.
  var isAsking = false
  /// Whether the response is that of a file, from this server or a peer, and not that of an app.
  var isOfFile = false
  /// Whether the exchange counts against the limit of requests for peers.
  var isCounted = false
  /// The version of the list of peers in use.
  var version = 0
  /// A bit for each peer that was tried.
  var asked: UInt32 = 0
  /// The index of the app for the request if no peer has the file; negative for none.
  var app = -1
  /// The field in the head that marks the request.
  var mark = 0..<0
}

/// The app's side of an exchange.
struct UpstreamSide {
  /// The descriptor; negative without a connection.
  var fd: Int32 = -1
  /// Whether the connection had carried a request before this one.
  var isReused = false
  /// The number of repetitions although the app may have read the request.
  var repeatCount = 0
  /// The number of repetitions because the app had certainly not read the request.
  var unreadCount = 0
  /// Bytes of head and content that the kernel accepted; in a tunnel, of content.
  var sentCount: Int64 = 0
  /// Whether sending has failed: the rest of the request is not sent.
  var stopsSending = false
  /// Whether a byte was received from the app.
  var hasHeard = false
  /// Whether reading from the app is paused until the client has received more.
  var isPaused = false
  /// The registered epoll events of the app's connection.
  var interest: PollEvents = []

  /// Whether events of the connection are about a response or its end: a part of the request was sent,
  /// or sending has failed, because the app has closed the connection.
  var mayAnswer: Bool { sentCount > 0 || stopsSending }

  /// Whether the app may have read a part of the request, now or before it was repeated.
  var mayBeRead: Bool { sentCount > 0 || repeatCount > 0 }
}

/// The progress of the app's response.
struct ResponseProgress {
  /// The status sent to the client; 0 before.
  var status: UInt16 = 0
  /// The reason why the request failed.
  var reason = FailureReason.none
  /// The content coding of the response.
  var coding = LogCoding()
  /// Bytes of content passed to the client.
  var bodyByteCount: Int64 = 0
  /// The received part of an incomplete head.
  var partialHead: [UInt8] = []
  /// The framing; nil before the head is complete.
  var framing: UpstreamResponseHead.Framing?
  /// The properties of the head that decide whether the app's connection is reused.
  var ending = ReusePolicy.Ending()
  /// The idle time-out that the app announces in `Keep-Alive`, in milliseconds.
  var keepAliveTime = Int64.max
  var chunks = ChunkReader()
  /// Content bytes still to receive, for a response with `Content-Length`.
  var remaining: Int64 = 0
  /// Whether trailer fields are passed to the client.
  var passesTrailers = false
  /// The trailer section received so far, unchanged.
  var trailers: [UInt8] = []
  /// Whether the response to the client uses the chunked transfer coding.
  var sendsChunks = false
  /// Whether the response to the client is delimited by the end of the connection.
  var endsWithConnection = false
  /// Whether content is passed on at once and never stored in a file.
  var isUnbuffered = false
  /// Whether the response was truncated: the client must be able to recognise that.
  var isBroken = false
}
