internal import StaticAssets

/// Credentials from the metadata service of a container or an instance.
///
/// Source: AWS SDKs and Tools Reference Guide, "Container credential provider" and "IMDS credential
/// provider". Of the instance's service only version 2 is used, which requires a token.
struct MetadataCredentials: Sendable {
  private let settings: AWSSettings
  private let client = HTTPClient(
    ConnectionLimits(connectMilliseconds: 1000, idleMilliseconds: 5000, bodyBytesMax: 1 << 20)
  )

  init(_ settings: AWSSettings) {
    self.settings = settings
  }

  /// The credentials of the container; nil if no variable names its service.
  func container() throws(StoreError) -> Credentials? {
    let url: String
    if let path = settings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      url = "http://169.254.170.2" + path
    } else if let full = settings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      url = full
    } else {
      return nil
    }
    guard let (address, path) = Self.split(url), Self.isAllowed(address) else {
      throw .usage(
        "the URL of the container's credentials must be https, localhost or 127.0.0.1; "
          + "see AWS_CONTAINER_CREDENTIALS_FULL_URI"
      )
    }
    var fields: [(name: String, value: String)] = [("Accept", "application/json")]
    if let token = try containerToken() { fields.append(("Authorization", token)) }
    let answer = try ask(
      HTTPRequest(method: "GET", target: path.isEmpty ? "/" : path, fields: fields),
      address,
      "the container's credentials",
      Self.containerPolicy
    )
    guard let answer else {
      throw .unreachable("the service of the container's credentials does not answer")
    }
    return try read(answer, "the container's credentials")
  }

  /// The credentials of the instance's role; nil if there is no such service, or no role.
  func instance() throws(StoreError) -> Credentials? {
    guard settings.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else { return nil }
    let endpoint =
      settings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
    guard let (address, base) = Self.split(endpoint) else {
      throw .usage("AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL")
    }
    let start = String(base.reversed().drop { $0 == "/" }.reversed())
    let what = "the instance's credentials"
    let lifetime = (name: "X-aws-ec2-metadata-token-ttl-seconds", value: "21600")
    let token = try? ask(
      HTTPRequest(method: "PUT", target: "\(start)/latest/api/token", fields: [lifetime]),
      address,
      what
    )
    guard let token else { return nil }
    let fields = [(name: "X-aws-ec2-metadata-token", value: Self.line(token))]
    let path = "\(start)/latest/meta-data/iam/security-credentials/"
    let role = try ask(HTTPRequest(method: "GET", target: path, fields: fields), address, what)
    guard let role, !Self.line(role).isEmpty else { return nil }
    let name = URIText.encode(Self.line(role).utf8)
    let answer = try ask(
      HTTPRequest(method: "GET", target: path + name, fields: fields),
      address,
      what
    )
    return try answer.map { (answer) throws(StoreError) in try read(answer, what) }
  }

  /// Temporary failures of a container's service are retried, because it exists.
  ///
  /// An instance's service may not exist, and is asked once.
  private static let containerPolicy = RetryPolicy(attemptsMax: 4)
  private static let instancePolicy = RetryPolicy(attemptsMax: 1)

  /// The content of the response; nil for 404.
  private func ask(
    _ request: HTTPRequest,
    _ address: HTTPAddress,
    _ what: String,
    _ policy: RetryPolicy = instancePolicy
  ) throws(StoreError) -> [UInt8]? {
    let response: HTTPResponse
    do throws(ConnectionFailure) {
      response = try client.send(request, to: address, policy)
    } catch {
      throw .unreachable("cannot get \(what) from \(address.url): \(error.text)")
    }
    if response.status == 404 { return nil }
    guard response.status == 200 else {
      throw .unreachable("cannot get \(what) from \(address.url): status \(response.status)")
    }
    return response.body
  }

  private func read(_ answer: [UInt8], _ what: String) throws(StoreError) -> Credentials {
    guard let credentials = Self.credentials(in: answer) else {
      throw .unreachable(
        "the answer with \(what) has no AccessKeyId or SecretAccessKey, or an unreadable Expiration"
      )
    }
    return credentials
  }

  /// Parses the object in the responses of both services.
  static func credentials(in answer: [UInt8]) -> Credentials? {
    var texts: [String: String] = [:]
    var reader = JSONReader(answer)
    do throws(JSONReader.Malformed) {
      try reader.object { (reader, key) throws(JSONReader.Malformed) in
        let key = String(decoding: key, as: UTF8.self)
        guard ["AccessKeyId", "SecretAccessKey", "Token", "Expiration"].contains(key) else {
          return try reader.skipValue()
        }
        texts[key] = String(decoding: try reader.string(), as: UTF8.self)
      }
    } catch {
      return nil
    }
    guard let accessKey = texts["AccessKeyId"], let secretKey = texts["SecretAccessKey"] else {
      return nil
    }
    let end = texts["Expiration"].flatMap(AWSTime.seconds(ofISO8601:))
    guard texts["Expiration"] == nil || end != nil else { return nil }
    return Credentials(
      accessKey: accessKey,
      secretKey: secretKey,
      sessionToken: texts["Token"],
      end: end
    )
  }

  private func containerToken() throws(StoreError) -> String? {
    guard let file = settings.path("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
      return settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    }
    guard let text = AWSSettings.text(file) else {
      throw .usage("cannot read '\(file)', which AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names")
    }
    return Self.line(Array(text.utf8))
  }

  /// Whether `address` may provide credentials: plain HTTP only on this machine, and at the
  /// addresses of ECS and EKS.
  static func isAllowed(_ address: HTTPAddress) -> Bool {
    let host = address.host
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    let isLoopback = numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    return address.isSecure || host == "localhost" || host == "::1" || isLoopback
      || host == "169.254.170.2" || host == "169.254.170.23" || host == "fd00:ec2::23"
  }

  /// The address of a URL, and its path with the query.
  private static func split(_ url: String) -> (address: HTTPAddress, path: String)? {
    let end = url.firstIndex(of: "?") ?? url.endIndex
    guard let (address, path) = HTTPAddress.parse(String(url[..<end])) else { return nil }
    return (address, path + url[end...])
  }

  /// The text up to the first control character, which could begin another field.
  private static func line(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
  }
}
