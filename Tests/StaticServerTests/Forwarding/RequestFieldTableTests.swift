import CAllocations
import Foundation
import StaticAssets
import Testing

@testable import StaticServer

/// The whole table of request fields.
///
/// Goal: no field of the table from an untrusted client reaches the app, no field that apps need is
/// in the table, and fields of a trusted proxy reach the app.
@Suite struct RequestFieldTableTests {
  struct Name: Sendable, CustomTestStringConvertible {
    let text: String
    let kind: ForwardedFieldKind
    var testDescription: String { text }

    /// Field names that match the entry.
    var examples: [String] {
      guard text.hasSuffix("*") else { return [text] }
      let prefix = String(text.dropLast())
      return [prefix + "q", prefix + "Q-1"] + (prefix.hasSuffix("-") ? [] : [prefix])
    }
  }

  static let names = RequestFieldTable.groups.flatMap { group in
    group.names.map { Name(text: $0.description, kind: group.kind) }
  }

  @Test("each name is found in any case, and no shorter or longer one", arguments: names)
  func found(name: Name) {
    for example in name.examples {
      for text in [example, example.uppercased(), example.capitalized] {
        #expect(Self.kind(text) == name.kind, "\(text)")
      }
    }
    guard !name.text.hasSuffix("*") else { return }
    for text in [name.text + "q", String(name.text.dropLast())] where !Self.isListed(text) {
      #expect(Self.kind(text) == .ordinary, "\(text)")
    }
  }

  @Test("names are lower-case, unique, and have a source")
  func wellFormed() {
    let texts = Self.names.map(\.text)
    #expect(Set(texts).count == texts.count)
    for text in texts {
      #expect(text == text.lowercased())
      #expect(
        text.dropLast().allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      )
    }
    #expect(RequestFieldTable.groups.allSatisfy { !$0.source.description.isEmpty })
  }

  @Test("no field of the table from an untrusted client reaches the app", arguments: names)
  func stranger(name: Name) throws {
    guard name.kind != .ordinary else { return }
    for example in name.examples where example != "host" {
      let value = ["content-length": "0", "transfer-encoding": "chunked"][example] ?? "evil"
      guard example != "via", example != "expect" else { continue }
      let head = try ForwardedHead.forward(
        "GET / HTTP/1.1\r\nHost: x\r\n\(example): \(value)\r\n\r\n"
      )
      #expect(head.fields.allSatisfy { $0.value != value }, "\(example)")
    }
  }

  @Test("fields of a trusted proxy about the client reach the app", arguments: names)
  func trusted(name: Name) throws {
    guard name.kind == .claim(.other) else { return }
    for example in name.examples {
      let head = try ForwardedHead.forward(
        "GET / HTTP/1.1\r\nHost: x\r\n\(example): told\r\n\r\n",
        trust: .everyone
      )
      #expect(head[example.lowercased()] == "told")
    }
  }

  /// Fields that browsers, API clients, webhooks and tracers send to an app.
  static let ordinary = [
    "accept", "accept-charset", "accept-encoding", "accept-language",
    "access-control-request-headers",
    "access-control-request-method", "age", "apikey", "authorization", "baggage", "b3",
    "cache-control", "cdn-loop", "content-encoding", "content-language", "content-type", "cookie",
    "correlation-id", "date", "depth", "destination", "dnt", "dpr", "early-data", "etag", "from",
    "hx-current-url", "hx-request", "if-match", "if-modified-since", "if-none-match", "if-range",
    "if-unmodified-since", "idempotency-key", "last-event-id", "max-forwards",
    "ngrok-skip-browser-warning",
    "origin", "paypal-auth-algo", "prefer", "priority", "pragma", "range", "referer", "request-id",
    "save-data", "sec-ch-ua", "sec-fetch-site", "sec-gpc", "sec-websocket-key",
    "sec-websocket-protocol", "sentry-trace", "signature", "slug", "soapaction", "stripe-signature",
    "svix-id", "traceparent", "tracestate", "turbo-frame", "upgrade-insecure-requests",
    "user-agent",
    "webhook-id", "x", "x-a", "x-access-token", "x-amz-content-sha256", "x-amz-date",
    "x-amz-security-token", "x-amz-sns-message-type", "x-amz-target", "x-amzn-trace-id",
    "x-api-key",
    "x-api-version", "x-app-version", "x-auth-key", "x-auth-token", "x-b3-traceid",
    "x-bugsnag-api", "x-client-data", "x-client-id", "x-client-name", "x-client-version",
    "x-cloud-trace-context", "x-correlation-id", "x-csrf-token", "x-csrftoken",
    "x-datadog-trace-id",
    "x-device-id", "x-discord-token", "x-download-options", "x-email", "x-event-key",
    "x-file-name", "x-github-delivery", "x-github-event", "x-gitlab-event", "x-gitlab-token",
    "x-goog-api-client", "x-goog-api-key", "x-goog-channel-id", "x-goog-meta-a",
    "x-goog-upload-command",
    "x-http-method", "x-http-method-override", "x-hub-signature", "x-hub-signature-256",
    "x-idempotency-key",
    "x-inertia", "x-locale", "x-method-override", "x-ms-blob-type", "x-ms-client-request-id",
    "x-ms-date", "x-ms-version", "x-newrelic-id", "x-newrelic-transaction", "x-organization-id",
    "x-password", "x-pjax", "x-platform", "x-project-id", "x-purpose", "x-rate-limit",
    "x-requested-with", "x-sdk-version", "x-session-id", "x-session-token", "x-shopify-hmac-sha256",
    "x-shopify-topic", "x-signature", "x-slack-signature", "x-source", "x-storage-user",
    "x-tenant", "x-tenant-id", "x-test", "x-timestamp", "x-timezone", "x-token", "x-total-count",
    "x-trace-id", "x-twilio-signature", "x-upload-content-type", "x-user", "x-user-agent",
    "x-user-id",
    "x-version", "x-webhook-signature", "x-xsrf-token",
  ]

  @Test("fields that clients send for the app are forwarded", arguments: ordinary)
  func passes(name: String) throws {
    #expect(Self.kind(name) == .ordinary)
    let head = try ForwardedHead.forward("GET / HTTP/1.1\r\nHost: x\r\n\(name): said\r\n\r\n")
    #expect(head[name] == "said")
  }

  @Test("a look-up allocates nothing")
  func allocatesNothing() {
    // One span for all names: creating one may allocate in a debug build.
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []
    for text in Self.ordinary + Self.names.flatMap(\.examples) {
      ranges.append(bytes.count..<bytes.count + text.utf8.count)
      bytes += Array(text.utf8)
    }
    let span = bytes.span
    _ = span.forwardedFieldKind(ranges[0])
    var ordinaryCount = 0
    let before = callocations_thread_count()
    for index in 0..<ranges.count where span.forwardedFieldKind(ranges[index]) == .ordinary {
      ordinaryCount += 1
    }
    let after = callocations_thread_count()
    #expect(after == before)
    #expect(ordinaryCount >= Self.ordinary.count)
  }

  private static func isListed(_ text: String) -> Bool {
    names.contains { name in
      name.text.hasSuffix("*") ? text.hasPrefix(name.text.dropLast()) : text == name.text
    }
  }

  private static func kind(_ text: String) -> ForwardedFieldKind {
    let bytes = Array(text.utf8)
    return bytes.span.forwardedFieldKind(0..<bytes.count)
  }
}
