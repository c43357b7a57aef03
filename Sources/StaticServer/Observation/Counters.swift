internal import StaticAssets
internal import Synchronization

/// The counters of one event loop.
///
/// Only the loop's thread writes: a plain load, an addition and a plain store, without a locked
/// instruction or a shared cache line. Any thread may read at any time. Each value is consistent,
/// but two values read in turn may be of different times.
///
/// The unsafe part: `start` points to `CounterPlace.count` initialised values on their own cache
/// lines until `deinit`; every place is below that count.
@safe final class Counters: @unchecked Sendable {
  /// The pointer through which the loop adds; valid while this object lives.
  let adder: CounterAdder

  init() {
    precondition(Counter.allCases.count <= CounterPlace.reasons)
    precondition(FailureReason.allCases.count <= CounterPlace.latencies - CounterPlace.reasons)
    let count = CounterPlace.count
    let block = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
    let start = unsafe block.bindMemory(to: Atomic<UInt64>.self, capacity: count)
    for index in 0..<count { unsafe (start + index).initialize(to: Atomic(0)) }
    unsafe adder = CounterAdder(start: start)
  }

  deinit {
    unsafe adder.start.deallocate()
  }

  /// The current value of `counter`.
  func value(of counter: Counter) -> UInt64 { value(at: counter.rawValue) }

  /// The number of requests that failed for `reason`.
  func value(of reason: FailureReason) -> UInt64 {
    value(at: CounterPlace.reasons + Int(reason.rawValue))
  }

  /// The number of responses of `responder` with a time in bucket `bucket`.
  func value(of responder: Latency.Responder, bucket: Int) -> UInt64 {
    value(at: CounterPlace.latency(responder) + bucket)
  }

  /// The sum of the times of all responses of `responder`, in nanoseconds.
  func nanoseconds(of responder: Latency.Responder) -> UInt64 {
    value(at: CounterPlace.latency(responder) + Latency.bucketCount)
  }

  private func value(at place: Int) -> UInt64 {
    precondition(place >= 0 && place < CounterPlace.count)
    return unsafe adder.start[place].load(ordering: .relaxed)
  }
}

/// The places of the counters in their block.
private enum CounterPlace {
  static let reasons = 64
  static let latencies = 128
  static let latencyStride = 24
  static let count = 176

  @inline(always)
  static func latency(_ responder: Latency.Responder) -> Int {
    latencies &+ responder.rawValue &* latencyStride
  }
}

/// A pointer to the counters, used by the loop to add without reference counting.
@unsafe struct CounterAdder {
  fileprivate let start: UnsafeMutablePointer<Atomic<UInt64>>

  /// Adds `amount`, which must not be negative.
  @inline(always)
  func add(_ counter: Counter, _ amount: Int = 1) {
    unsafe add(at: counter.rawValue, UInt64(truncatingIfNeeded: amount))
  }

  /// Counts a request that failed for `reason`.
  @inline(always)
  func add(_ reason: FailureReason) {
    unsafe add(at: CounterPlace.reasons &+ Int(reason.rawValue), 1)
  }

  /// Counts a response of `responder` that took `nanoseconds`.
  @inline(always)
  func add(_ responder: Latency.Responder, nanoseconds: Int64) {
    let place = CounterPlace.latency(responder)
    unsafe add(at: place &+ Latency.bucket(of: nanoseconds), 1)
    unsafe add(at: place &+ Latency.bucketCount, UInt64(truncatingIfNeeded: nanoseconds))
  }

  /// Sets a counter that can decrease.
  @inline(always)
  func set(_ counter: Counter, _ value: Int) {
    unsafe start[counter.rawValue].store(UInt64(truncatingIfNeeded: value), ordering: .relaxed)
  }

  @inline(always)
  private func add(at place: Int, _ amount: UInt64) {
    let value = unsafe start[place].load(ordering: .relaxed)
    unsafe start[place].store(value &+ amount, ordering: .relaxed)
  }
}

/// The counted events.
enum Counter: Int, CaseIterable {
  case bytesSent
  /// Bytes by which codings made content smaller.
  case bytesSaved
  /// Responses, by the first digit of the status, 2 to 5.
  case successes, redirections, clientErrors, serverErrors
  /// Those of them to requests for the app.
  case appSuccesses, appRedirections, appClientErrors, appServerErrors
  /// Responses by content coding.
  case identityResponses, gzipResponses, brotliResponses, zstandardResponses, deltaResponses
  case otherCodingResponses
  /// Bytes by which deltas were smaller than the representations sent without deltas.
  case deltaBytesSaved
  case accepted, closed, acceptPauses
  /// Requests sent to the app; requests repeated; requests whose client left before the response.
  case forwarded, repeated, abandoned
  /// Files that peers sent; failures of peers.
  case peerFiles, failedPeers
  /// Connections upgraded to another protocol.
  case upgraded
  /// Connection attempts to the app; failed attempts; requests on a reused connection.
  case connects, failedConnects, reusedConnections
  /// Current connections to the app; those of them that are idle; current upgraded connections.
  case upstreamOpen, upstreamIdle, tunnelsOpen
  /// Connections closed early, by reason.
  case idle, displaced, slowHead, slowContent, slowReader, broken, stopped, malformedPrelude

  /// The counter for `status`, which is 200 to 599.
  @inline(always)
  init(status: UInt16) {
    self =
      switch status {
      case ..<300: .successes
      case ..<400: .redirections
      case ..<500: .clientErrors
      default: .serverErrors
      }
  }

  /// The counter for `status` of a response to a request for the app.
  init(appStatus status: UInt16) {
    self =
      switch status {
      case ..<300: .appSuccesses
      case ..<400: .appRedirections
      case ..<500: .appClientErrors
      default: .appServerErrors
      }
  }

  /// The counter for responses in `coding`.
  @inline(always)
  init(_ coding: ContentCoding) {
    self =
      switch coding {
      case .identity: .identityResponses
      case .gzip: .gzipResponses
      case .brotli: .brotliResponses
      case .zstandard: .zstandardResponses
      case .dictionaryZstandard: .deltaResponses
      }
  }
}
