# The demonstration's company: one queue, one agent who can sign in, anybody may write by mail.

use strict;
use warnings;
our ( @Queues, @Users, @ACL, @Final );

my $agent = 'agent';

@Queues = ( {
    Name              => 'Support',
    Description       => 'Questions and complaints',
    CorrespondAddress => 'support@rt.test',
    CommentAddress    => 'support-comment@rt.test',
} );

@Users = ( {
    Name         => $agent,
    RealName     => 'Alex Agent',
    Password     => 'agent-pw',
    EmailAddress => 'agent@rt.test',
    Privileged   => 1,
} );

my @rights = qw(
    SeeQueue CreateTicket ShowTicket ShowTicketComments ShowOutgoingEmail
    CommentOnTicket ReplyToTicket ModifyTicket OwnTicket
);
@ACL = (
    ( map { { UserId => $agent, Queue => 'Support', Right => $_ } } @rights ),
    (   map { { GroupDomain => 'SystemInternal', GroupType => 'Everyone', Queue => 'Support', Right => $_ } }
            qw(CreateTicket ReplyToTicket)
    ),
);

@Final = (
    sub {
        require RT::AuthToken;
        my $user = RT::User->new( RT->SystemUser );
        $user->Load($agent);
        my $token = RT::AuthToken->new( RT->SystemUser );
        my ( $ok, $message, $plain ) = $token->Create( Owner => $user->Id, Description => 'demonstration' );
        die "No token: $message\n" unless $ok;
        umask 077;
        open my $file, '>', "$ENV{HELPDESK_RECOVERY_TOKEN_FILE}.agent" or die $!;
        print $file $plain;
        close $file or die $!;
    }
);

1;
