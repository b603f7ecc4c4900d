# Helpdesk Recovery: the commit code of a Request Tracker 5 scrip (stage TransactionBatch, template Blank).
# It tells our webhook door that something happened to a ticket. It runs inside the agent's request, so it is
# short, waits little, sends no text of the conversation and never fails: whatever goes wrong is one line in
# RT's log, and our poll finds what was missed.
#
# RT_SiteConfig.d needs:
#   Set($HelpdeskRecoveryURL,     'https://recovery.example.com/webhooks/request_tracker/NAME');
#   Set($HelpdeskRecoverySecret,  '...');      # as `helpdesk-recovery connect` was given it
#   Set($HelpdeskRecoveryTimeout, 3);          # seconds; optional

my $ticket = $self->TicketObj;
my $txn    = $self->TransactionObj;
my $url    = RT->Config->Get('HelpdeskRecoveryURL');
my $secret = RT->Config->Get('HelpdeskRecoverySecret');

# Our reference when the text ends with it: so we know our own notes where the custom field is missing.
# A quoted line is somebody else's; only the end is looked at, since a text can be long.
my $ending = sub {
    my $content = $txn->ContentObj or return undef;
    my $text = substr( $content->Content // '', -500 );
    $text =~ s/<[^>]*>/ /g if $content->ContentType eq 'text/html';
    return $text =~ /^(?!\s*>).*\b(HR-[2-9A-HJ-NP-Z]{8})\s*\z/m ? $1 : undef;
};

eval {
    local $SIG{__DIE__};    # RT's own handler would log the same error a second time
    die "HelpdeskRecoveryURL or HelpdeskRecoverySecret is not set\n" unless $url && $secret;
    require Digest::SHA;
    require Encode;
    require JSON;
    require LWP::UserAgent;

    my $instant = sub { $_[0]->W3CDTF( Timezone => 'UTC' ) };
    my $ours    = $txn->FirstCustomFieldValue('RecoveryKey') || $ending->();
    my $event   = 'ticket.' . lc $txn->Type;
    my $creator = $txn->CreatorObj;
    my $body    = JSON->new->utf8->canonical->encode({
        event  => $event,
        rt     => RT->Config->Get('rtname'),
        ticket => {
            id         => 0 + $ticket->Id,
            status     => $ticket->Status,
            queue      => $ticket->QueueObj->Name,
            created    => $instant->( $ticket->CreatedObj ),
            requestors => [ map { $_->EmailAddress || $_->Name } @{ $ticket->Requestors->UserMembersObj->ItemsArrayRef } ],
        },
        transaction => {
            id                 => 0 + $txn->Id,
            type               => $txn->Type,
            created            => $instant->( $txn->CreatedObj ),
            creator            => $creator->Name,
            creator_email      => $creator->EmailAddress,
            creator_privileged => $creator->Privileged ? JSON::true() : JSON::false(),
            field              => $txn->Field,
            old_value          => $txn->OldValue,
            new_value          => $txn->NewValue,
            reference          => $ours,
        },
    });

    my $time      = time;
    my $signature = Digest::SHA::hmac_sha256_hex( "$time.$body", Encode::encode_utf8($secret) );
    my $agent     = LWP::UserAgent->new(
        agent        => 'HelpdeskRecovery-RT/1',
        timeout      => RT->Config->Get('HelpdeskRecoveryTimeout') || 3,
        max_redirect => 0,
    );
    my $answer = $agent->post(
        $url,
        'Content-Type'   => 'application/json; charset=utf-8',
        'X-RT-Delivery'  => RT->Config->Get('rtname') . '-txn-' . $txn->Id,
        'X-RT-Event'     => $event,
        'X-RT-Timestamp' => $time,
        'X-RT-Signature' => "sha256=$signature",
        Content          => $body,
    );
    die 'the webhook door answered ' . $answer->status_line . "\n" unless $answer->is_success;
    1;
} or RT->Logger->warning( 'Helpdesk Recovery was not told of transaction ' . $txn->Id . ": $@" );

1;
