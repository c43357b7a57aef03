internal import StaticAssets

/// A bucket, its endpoint, and a prefix of its keys.
package struct StoreAddress: Equatable, Sendable {
  package let bucket: String
  /// Without slashes at its ends; empty for all keys.
  package let prefix: String
  /// The endpoint; nil for AWS.
  let endpoint: HTTPAddress?
  /// The path of the endpoint, without a slash at its end.
  let endpointPath: String

  /// Parses `s3://BUCKET/PREFIX` and the URL of an endpoint.
  ///
  /// - Parameter place: where the endpoint was given, for errors.
  package init(
    _ url: String,
    endpoint: String?,
    from place: String = "--endpoint"
  ) throws(StoreError) {
    do throws(Malformed) {
      (bucket, prefix) = try Self.parse(url)
    } catch {
      throw .usage("'\(url.withoutURLUser)': \(error.reason)")
    }
    guard let endpoint else {
      (self.endpoint, endpointPath) = (nil, "")
      return
    }
    guard let (address, path) = HTTPAddress.parse(endpoint) else {
      throw .usage(
        "\(place) is no URL such as https://s3.example.com; credentials are never part of it"
      )
    }
    self.endpoint = address
    endpointPath = String(path.reversed().drop { $0 == "/" }.reversed())
  }

  /// What is wrong with `s3://BUCKET/PREFIX`, and what to give; nil if nothing is.
  static func refusal(of url: String) -> String? {
    do throws(Malformed) {
      _ = try parse(url)
      return nil
    } catch {
      return error.reason
    }
  }

  /// The error for a malformed `s3://BUCKET/PREFIX`.
  private struct Malformed: Error {
    let reason: String
  }

  /// Parses `s3://BUCKET/PREFIX`.
  ///
  /// A prefix is any text without `.` and `..`, since that is what keys are: it has no escapes, no
  /// query and no fragment.
  private static func parse(_ url: String) throws(Malformed) -> (bucket: String, prefix: String) {
    let form = "give s3://BUCKET/PREFIX"
    guard url.hasPrefix("s3://") else { throw Malformed(reason: form) }
    let parts = url.dropFirst(5).split(
      separator: "/",
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    let bucket = String(parts.first ?? "")
    guard isBucketName(bucket) else {
      throw Malformed(reason: "this is no bucket's name; \(form)")
    }
    let segments = (parts.count > 1 ? parts[1] : "").split(separator: "/")
    guard !segments.contains("."), !segments.contains("..") else {
      throw Malformed(reason: "a prefix has no '.' and '..'")
    }
    return (bucket, segments.joined(separator: "/"))
  }

  /// `s3://bucket/prefix`.
  package var url: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)") }

  /// The key of the object `name` below the prefix.
  func key(_ name: BytePath) -> [UInt8] {
    prefix.isEmpty ? name.bytes : Array("\(prefix)/".utf8) + name.bytes
  }

  /// The name below the prefix of `key`; nil if the key is not below it.
  func name(ofKey key: [UInt8]) -> BytePath? {
    guard !prefix.isEmpty else { return BytePath(key) }
    let start = Array("\(prefix)/".utf8)
    guard key.starts(with: start), key.count > start.count else { return nil }
    return BytePath(key.dropFirst(start.count))
  }

  /// The server to which requests for the bucket are sent.
  ///
  /// With an endpoint, the bucket is in the path: few stores other than AWS have a certificate for
  /// each bucket. AWS has it in the host name, except for names with dots, which its certificate
  /// does not cover.
  func host(region: String) -> HTTPAddress {
    if let endpoint { return endpoint }
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    let service = "s3.\(region).\(domain)"
    return HTTPAddress(isSecure: true, host: isInPath ? service : "\(bucket).\(service)")
  }

  /// The percent-encoded path of `key`; nil for the path of the bucket itself.
  func path(_ key: [UInt8]?) -> String {
    let start = isInPath ? "\(endpointPath)/\(bucket)" : ""
    guard let key else { return isInPath ? start : "/" }
    return "\(start)/\(URIText.encode(key, keepsSlashes: true))"
  }

  private var isInPath: Bool { endpoint != nil || bucket.contains(".") }

  /// Whether any store accepts the name: 3 to 63 letters, digits, dots, hyphens, underscores.
  private static func isBucketName(_ name: String) -> Bool {
    (3...63).contains(name.utf8.count) && !name.hasPrefix(".") && !name.hasPrefix("-")
      && name.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
          || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
      }
  }
}
