import StaticAssets
import TestSupport
import Testing

@testable import StaticPublisher

/// Credentials of containers and instances, from local metadata services.
@Suite struct MetadataTests {
  static func source(_ variables: [String: String]) -> CredentialSource {
    CredentialSource(AWSSettings(path: { variables[$0].map { BytePath($0) } }, file: { _ in nil }))
  }

  @Test("a container's credentials are fetched once, with its token from a variable or a file")
  func container() throws {
    let service = MetadataService(seconds: 3600)
    let directory = TemporaryDirectory()
    let file = directory.write("container-token\n", to: "token")
    for token in [
      ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "container-token"],
      ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file],
    ] {
      let before = service.givenCount
      let url = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(service.url)/container?x=1"]
      let source = Self.source(url.merging(token) { $1 })
      for _ in 0..<3 {
        let found = try source.current(at: 0)
        #expect(found.accessKey == "AKIDMETA" && found.sessionToken == "meta-token")
      }
      #expect(service.givenCount == before + 1)
    }
  }

  @Test("a wrong token, and a remote address without TLS, are refused")
  func refusals() throws {
    let service = MetadataService(seconds: 3600)
    let url = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    for value in ["\(service.url)/container?x=1", "http://example.com/x", "no URL"] {
      #expect(throws: StoreError.self) { try Self.source([url: value]).current(at: 0) }
    }
    let missing = ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere/token", url: service.url]
    #expect(throws: StoreError.self) { try Self.source(missing).current(at: 0) }
  }

  @Test("a role's credentials, for a token of the platform")
  func webIdentity() throws {
    let service = MetadataService(seconds: 3600)
    let directory = TemporaryDirectory()
    let variables = [
      "AWS_WEB_IDENTITY_TOKEN_FILE": directory.write("platform.token+/=\n", to: "token"),
      "AWS_ROLE_ARN": "arn:aws:iam::1:role/a b", "AWS_ENDPOINT_URL_STS": service.url + "/sts",
    ]
    let found = try Self.source(variables).current(at: 0)
    #expect(
      found
        == Credentials(
          accessKey: "AKIDROLE",
          secretKey: "role/secret",
          sessionToken: "role-token",
          end: 1_795_983_330
        )
    )
    for (name, value) in [
      ("AWS_ROLE_ARN", "other"), ("AWS_ROLE_ARN", nil), ("AWS_WEB_IDENTITY_TOKEN_FILE", "/none"),
      ("AWS_ENDPOINT_URL_STS", "x"),
    ] as [(String, String?)] {
      var changed = variables
      changed[name] = value
      let source = Self.source(changed)
      #expect(throws: StoreError.self, "\(name)") { try source.current(at: 0) }
    }
  }

  @Test("an instance's credentials, by its role")
  func instance() throws {
    let service = MetadataService(seconds: 3600)
    let source = Self.source(["AWS_EC2_METADATA_SERVICE_ENDPOINT": service.url + "/"])
    #expect(try source.current(at: 0).secretKey == "meta/secret")
  }

  @Test("credentials that expire soon are fetched again")
  func renewal() throws {
    let service = MetadataService(seconds: 3600)
    let source = Self.source(["AWS_EC2_METADATA_SERVICE_ENDPOINT": service.url])
    let end = try #require(try source.current(at: 0).end)
    for (now, count) in [(end - 301, 1), (end - 300, 2), (end, 3)] {
      _ = try source.current(at: now)
      #expect(service.givenCount == count, "\(end - now) seconds left")
    }
  }
}
