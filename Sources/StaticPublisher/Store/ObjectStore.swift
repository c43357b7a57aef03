internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import Synchronization

/// A bucket of an S3-compatible store below a prefix; objects are named relative to the prefix.
///
/// All calls block, and may be made from several threads, each on its own connection. Temporary
/// failures are retried (see `RetryPolicy`) before a call throws.
package final class ObjectStore: Sendable {
  package let address: StoreAddress
  private let client: HTTPClient
  private let credentials: CredentialSource
  private let policy: RetryPolicy
  private let state: Mutex<State>

  /// The number of concurrent calls.
  package static let concurrency = 16

  private struct State {
    var region: String
    /// Seconds by which the store's clock is ahead of ours.
    var clockOffset: Int64 = 0
    /// The Date of its last response, in seconds since 1970; nil if it had none.
    var date: Int64?
    var requestCount = 0
    var retryCount = 0
  }

  /// One call, which may take several requests.
  struct Call {
    var method: String
    /// Nil for the bucket.
    var key: [UInt8]?
    var query: [(name: String, value: String)] = []
    var fields: [(name: String, value: String)] = []
    var body = HTTPBody.none
    /// The SHA-256 of the body in hexadecimal.
    var bodyHash = Signature.emptyHash
    /// A verb for messages.
    var operation: String
    /// Statuses besides 2xx that are not errors.
    var accepted: Set<Int> = []
  }

  /// The store at `address`, with the credentials and the region of this process.
  package convenience init(_ address: StoreAddress) {
    self.init(address, AWSSettings.ofProcess(), RetryPolicy(), ConnectionLimits())
  }

  init(
    _ address: StoreAddress,
    _ settings: AWSSettings,
    _ policy: RetryPolicy,
    _ limits: ConnectionLimits
  ) {
    self.address = address
    self.policy = policy
    client = HTTPClient(limits)
    credentials = CredentialSource(settings)
    state = Mutex(State(region: settings.region))
  }

  /// The store that `url`, `s3://BUCKET/PREFIX`, names.
  ///
  /// - Parameter endpoint: its URL; nil for the one in the environment or in the AWS tools' files,
  ///   by default AWS.
  package static func named(_ url: String, endpoint: String?) throws(StoreError) -> ObjectStore {
    guard endpoint == nil, let found = AWSSettings.ofProcess().endpoint else {
      return ObjectStore(try StoreAddress(url, endpoint: endpoint))
    }
    return ObjectStore(try StoreAddress(url, endpoint: found.url, from: found.place))
  }

  /// How many requests were sent.
  package var requestCount: Int { state.withLock { $0.requestCount } }

  /// How many of them were repetitions.
  package var retryCount: Int { state.withLock { $0.retryCount } }

  /// Waits for another run that writes at the same time; false after the last round.
  ///
  /// - Parameter round: the number of earlier waits, 0 or more.
  func waitsForOthers(round: Int) -> Bool {
    guard let wait = policy.settlingWait(round: round, random: .random(in: 0..<1))
    else { return false }
    usleep(UInt32(wait) * 1000)
    return true
  }

  /// Waits until the store's clock has passed the second of `modified`, the time of a listed object.
  ///
  /// Most stores list whole seconds, S3 among them. What is written in the same second cannot be
  /// told from what was written before. A time with a fraction is exact enough.
  func waitUntilLater(than modified: String) {
    guard let seconds = AWSTime.seconds(ofISO8601: modified), !AWSTime.hasFraction(modified),
      let now = state.withLock({ $0.date })
    else { return }
    // Not longer if the object is from the future.
    let wait = min(max(seconds - now + 1, 0), Self.clockWaitSecondsMax)
    usleep(UInt32(wait) * 1_000_000)
  }

  private static let clockWaitSecondsMax: Int64 = 2

  /// Performs a call, and returns its response.
  func perform(_ call: Call) throws(StoreError) -> HTTPResponse {
    var attempt = 1
    var corrections = 0
    while true {
      let outcome: RetryPolicy.Outcome
      let failure: StoreError
      switch try exchange(call) {
      case .success(let response):
        if (200..<300).contains(response.status) || call.accepted.contains(response.status) {
          return response
        }
        let refusal = Self.refusal(response, call, address)
        if corrections < Self.correctionsMax, correct(refusal, response) {
          corrections += 1
          continue
        }
        failure = .refused(refusal)
        outcome = .response(
          status: response.status,
          code: refusal.code,
          retryAfterSeconds: response.retryAfterSeconds(at: Int64(time(nil)))
        )
      case .failure(let error):
        failure = Self.failure(error, call, address)
        outcome = .failure(isTemporary: error.isTemporary)
      }
      let random = Double.random(in: 0..<1)
      guard let wait = policy.wait(after: outcome, attempt: attempt, random: random) else {
        throw failure
      }
      attempt += 1
      state.withLock { $0.retryCount += 1 }
      usleep(UInt32(wait) * 1000)
    }
  }

  /// Sends a call once, signed for the current time.
  private func exchange(
    _ call: Call
  ) throws(StoreError) -> Result<HTTPResponse, ConnectionFailure> {
    let (region, offset) = state.withLock { state in
      state.requestCount += 1
      return (state.region, state.clockOffset)
    }
    let now = Int64(time(nil))
    let host = address.host(region: region)
    let signature = Signature(
      credentials: try credentials.current(at: now + offset),
      region: region
    )
    let path = address.path(call.key)
    let fields = signature.signed(
      Signature.Parts(
        method: call.method,
        host: host.authority,
        path: path,
        query: call.query,
        fields: call.fields,
        payloadHash: call.bodyHash
      ),
      at: AWSTime(secondsSince1970: now + offset)
    )
    let query = Signature.query(call.query)
    let request = HTTPRequest(
      method: call.method,
      target: query.isEmpty ? path : "\(path)?\(query)",
      fields: fields,
      body: call.body
    )
    do throws(ConnectionFailure) {
      let response = try client.send(request, to: host)
      state.withLock { $0.date = response.date("date", now: now) }
      return .success(response)
    } catch {
      return .failure(error)
    }
  }

  /// Corrects the clock or the bucket's region if the refusal shows how; returns whether to repeat
  /// the call.
  private func correct(_ refusal: StoreRefusal, _ response: HTTPResponse) -> Bool {
    let now = Int64(time(nil))
    if refusal.code == "RequestTimeTooSkewed" || refusal.code == "RequestExpired",
      let theirs = response.date("date", now: now)
    {
      state.withLock { $0.clockOffset = theirs - now }
      return true
    }
    guard
      let region = response.field("x-amz-bucket-region")
        ?? XMLElement.parse(response.body)?.text(of: "Region"),
      !region.isEmpty, region.utf8.allSatisfy(Self.isOfRegion)
    else { return false }
    return state.withLock { state in
      guard state.region != region else { return false }
      state.region = region
      return true
    }
  }

  /// The characters of region names, which become a part of the host name.
  private static func isOfRegion(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
  }

  /// Once for the clock, once for the region.
  private static let correctionsMax = 2
}
