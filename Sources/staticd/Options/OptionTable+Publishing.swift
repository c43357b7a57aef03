internal import StaticPublisher

/// The options of publishing to an object store.
extension OptionTable {
  static let publishing: [OptionDefinition] = [
    OptionDefinition(
      name: .root,
      kind: .path("DIR"),
      commands: [.publish],
      topic: .common,
      help: "The directory that was collected: STATIC_ROOT.",
      example: "publish s3://example-assets/static --root staticfiles",
      isBasic: true,
      otherwise: "none: name it",
      variables: [.init(name: "STATIC_ROOT", reading: .text)]
    ),
    OptionDefinition(
      name: .endpoint,
      kind: .text("URL"),
      commands: [.publish],
      topic: .common,
      help: """
        The store, where it is not Amazon S3: its URL. The bucket is put into the path. Credentials \
        are no part of it.
        """,
      example: "publish s3://assets/static --endpoint https://s3.example.com --root staticfiles",
      isBasic: true,
      otherwise: "$AWS_ENDPOINT_URL_S3 or $AWS_ENDPOINT_URL, or Amazon S3"
    ),
    OptionDefinition(
      name: .layout,
      kind: .choice(PublishLayout.allCases.map(\.rawValue)),
      commands: [.publish],
      topic: .release,
      help: """
        Which codings become objects. 'identity': none, the CDN compresses. 'suffixes': '.br' and \
        '.gz' beside each file, for a rule at the edge. 'br': brotli under the plain name, for clients \
        that all take it.
        """,
      example: "publish s3://example-assets/static --root staticfiles --layout suffixes",
      isBasic: true,
      standard: "identity"
    ),
    OptionDefinition(
      name: .keepReleases,
      kind: .number(1...1000, "N"),
      commands: [.publish],
      topic: .release,
      help: """
        How many releases stay in the store, the current one among them, so that pages of older \
        ones keep working.
        """,
      example: "publish s3://example-assets/static --root staticfiles --keep-releases 5",
      standard: "3"
    ),
  ]
}
