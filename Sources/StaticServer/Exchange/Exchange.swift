internal import StaticAssets

/// One request that is answered by the app or a handler, and its response: a client's connection, the
/// app's, and what is between them.
///
/// A value with one owner: its loop's slab, or the function that does something for it. What belongs to
/// a request lies here alone, so that nothing of it outlives the request.
struct Exchange: ~Copyable {
  /// What is being waited for.
  enum Phase: CaseIterable {
    /// The client's content.
    case receivingContent
    /// The client's content is there, and is being written to a file.
    case storing
    /// The app's share: it has as many requests as it may.
    case queued
    /// A connection to the app, which is away or has a full backlog.
    case stalled
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

  let id: ExchangeID
  /// The client's descriptor.
  let client: Int32
  let request: ForwardedRequest
  let origin: Origin
  /// The client's head, for the log and for files that the app names; empty without either.
  let head: RequestHead
  let headBytes: [UInt8]

  var phase = Phase.receivingContent
  /// Whether nothing is to be done for it any more.
  var isOver = false
  /// Whether the client's connection goes on after this.
  var keepsAlive: Bool
  /// Whether the request has one of the app's shares.
  var holdsShare = false
  /// When the app was first asked; 0 before.
  var askTime: Int64 = 0
  /// When it began to wait for one of the app's shares; 0 before.
  var queueTime: Int64 = 0
  /// When it first had to wait for a connection to the app; 0 before.
  var stallTime: Int64 = 0

  /// Where the client's content stands.
  var reader: ContentReader
  /// When the client has used up its time to send it.
  var contentDeadline = Int64.max
  /// The head for the app; whole once the content is.
  var appHead: [UInt8]
  /// The content for the app; in a tunnel, what the client has sent and the app not taken.
  var content: ByteSpool

  /// The connection to the app.
  var upstream = UpstreamSide()
  /// The handler's answer, if that is asked in the place of an app.
  var call: HandlerCall?
  /// The response as far as it has come.
  var response = ResponseProgress()

  /// What the client has not taken.
  var sink: ResponseSink
  /// What is known of a client that waits for its response.
  var watch = ClientWatch.anything
  /// What epoll was asked to report of the client; nil while it is not watched at all.
  var clientInterest: PollEvents? = .readable
  /// The two directions of an upgraded connection.
  var tunnel = Tunnel()

  init(
    _ id: ExchangeID,
    client: Int32,
    _ request: ForwardedRequest,
    _ origin: Origin,
    _ head: RequestHead,
    appHead: [UInt8],
    headBytes: [UInt8],
    keepsAlive: Bool,
    memoryBytesMax: Int
  ) {
    self.id = id
    self.client = client
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

  /// Bytes that the app's side has not taken.
  var unsentToApp: Int64 {
    guard !upstream.stopsSending else { return 0 }
    let total = phase == .tunnel ? content.count : Int64(appHead.count) + content.count
    return total - upstream.sentCount
  }
}

/// The app's side of an exchange.
struct UpstreamSide {
  /// The descriptor; below zero without a connection.
  var fd: Int32 = -1
  /// Whether that connection had carried a request before.
  var isReused = false
  /// How often the request was sent again, although the app may have read it.
  var repeatCount = 0
  /// How often it was sent again because the app had certainly not read it.
  var unreadCount = 0
  /// Bytes of head and content that the system took; in a tunnel, of content.
  var sentCount: Int64 = 0
  /// Whether the app takes no more of the request.
  var stopsSending = false
  /// Whether anything has come from the app.
  var hasHeard = false
  /// Whether nothing is read from the app until the client has taken what there is.
  var isPaused = false
  /// What epoll was asked to report of the app.
  var interest: PollEvents = []
}

/// A response as far as it has come from the app.
struct ResponseProgress {
  /// The status that the client was answered with; 0 before.
  var status: UInt16 = 0
  /// Bytes of content that were passed on.
  var bodyByteCount: Int64 = 0
  /// The beginning of a head that has not come whole.
  var partialHead: [UInt8] = []
  /// The framing, once the head has come.
  var framing: UpstreamResponseHead.Framing?
  /// What decides whether the app's connection can be used again.
  var ending = ReusePolicy.Ending()
  /// Milliseconds after which the app closes an idle connection, as it says.
  var keepAliveTime = Int64.max
  var chunks = ChunkReader()
  /// Bytes still to come of a response with a length.
  var remaining: Int64 = 0
  /// Whether the client is sent the fields behind the content.
  var passesTrailers = false
  /// These as they came, as far as they have come.
  var trailers: [UInt8] = []
  /// Whether the client is sent chunks.
  var sendsChunks = false
  /// Whether only the end of the connection tells the client where the response ends.
  var endsWithConnection = false
  /// Whether what comes goes on at once, and is not kept in a file.
  var isUnbuffered = false
  /// Whether the response ended before its end: the client must not take it for whole.
  var isBroken = false
}
