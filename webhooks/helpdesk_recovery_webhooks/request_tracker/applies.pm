# Helpdesk Recovery: the condition of the scrip. Real tickets only (RT keeps reminders and approvals as
# tickets, too), what people write and status changes only, and only our queues when they are named:
#   Set($HelpdeskRecoveryQueues, ['Support', 'Returns']);

my $ticket = $self->TicketObj;
my $queues = RT->Config->Get('HelpdeskRecoveryQueues') || [];

return 0 unless $self->TransactionObj->Type =~ /\A(?:Create|Correspond|Comment|Status)\z/;
return 0 unless lc( $ticket->Type || 'ticket' ) eq 'ticket';
return 1 unless @$queues;
return scalar grep { $_ eq $ticket->QueueObj->Name } @$queues;
