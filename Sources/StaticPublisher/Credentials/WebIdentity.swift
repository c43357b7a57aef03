internal import StaticAssets

/// Credentials of a role, for a token that the platform stores in a file, such as IAM roles for
/// service accounts in Kubernetes.
///
/// Source: AWS STS API, `AssumeRoleWithWebIdentity`, whose requests are not signed.
struct WebIdentity: Sendable {
  private let settings: AWSSettings
  private let client = HTTPClient(ConnectionLimits(bodyBytesMax: 1 << 20))

  init(_ settings: AWSSettings) {
    self.settings = settings
  }

  /// The credentials; nil if no variable names a token.
  func credentials() throws(StoreError) -> Credentials? {
    guard let file = settings.path("AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
    guard let role = settings.variable("AWS_ROLE_ARN") else {
      throw .usage("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not; set both")
    }
    guard let text = AWSSettings.text(file) else {
      throw .usage("cannot read '\(file)', which AWS_WEB_IDENTITY_TOKEN_FILE names")
    }
    let query = Signature.query([
      ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
      ("RoleSessionName", settings.variable("AWS_ROLE_SESSION_NAME") ?? "staticd"),
      ("WebIdentityToken", String(text.prefix { !$0.isNewline })),
    ])
    let (address, path) = try endpoint()
    // In the content, since a path may be logged on the way.
    let request = HTTPRequest(
      method: "POST",
      target: path.isEmpty ? "/" : path,
      fields: [("Content-Type", "application/x-www-form-urlencoded")],
      body: .bytes(Array(query.utf8))
    )
    let response: HTTPResponse
    do throws(ConnectionFailure) {
      response = try client.send(request, to: address, RetryPolicy(attemptsMax: 4))
    } catch {
      throw .unreachable("cannot get the credentials of '\(role)': \(error.text)")
    }
    guard response.status == 200 else {
      let code = XMLElement.parse(response.body)?.child("Error")?.text(of: "Code")
      let reason = code ?? "status \(response.status)"
      // IDPCommunicationError: STS could not reach the issuer of the token.
      guard (400..<500).contains(response.status), response.status != 429,
        code != "IDPCommunicationError"
      else { throw .unreachable("cannot get the credentials of '\(role)': \(reason)") }
      throw .usage(
        "STS refuses the role '\(role)' for the token in '\(file)': \(reason); "
          + "see the role's trust policy"
      )
    }
    guard let found = Self.credentials(in: response.body) else {
      throw .unreachable("cannot read the answer of STS with the credentials of '\(role)'")
    }
    return found
  }

  /// Parses the document in the response.
  static func credentials(in answer: [UInt8]) -> Credentials? {
    let found = XMLElement.parse(answer)?.child("AssumeRoleWithWebIdentityResult")?
      .child("Credentials")
    guard let found, let accessKey = found.text(of: "AccessKeyId"),
      let secretKey = found.text(of: "SecretAccessKey"),
      let token = found.text(of: "SessionToken")
    else { return nil }
    let expiration = found.text(of: "Expiration")
    let end = expiration.flatMap(AWSTime.seconds(ofISO8601:))
    guard expiration == nil || end != nil else { return nil }
    return Credentials(accessKey: accessKey, secretKey: secretKey, sessionToken: token, end: end)
  }

  private func endpoint() throws(StoreError) -> (address: HTTPAddress, path: String) {
    guard let url = settings.variable("AWS_ENDPOINT_URL_STS") else {
      let region = settings.region
      let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
      return (HTTPAddress(isSecure: true, host: "sts.\(region).\(domain)"), "/")
    }
    guard let (address, path) = HTTPAddress.parse(url) else {
      throw .usage("AWS_ENDPOINT_URL_STS is no URL")
    }
    return (address, path)
  }
}
